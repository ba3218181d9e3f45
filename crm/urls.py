"""All addresses. Apps are named by string, so that crm imports none of them."""

from django.urls import include, path, re_path

from crm import views, views_accounts, views_api, views_bin, views_search

# What allauth offers beyond log-in and changing the password.
CLOSED = r"^accounts/(?:email|confirm-email|password/set|password/reset|login/code|reauthenticate)(?:/|$)"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    re_path(CLOSED, views_accounts.ClosedAccountPage.as_view(), name="account_closed"),
    path("accounts/", include("allauth.account.urls")),
    path("demo/login/", views_accounts.demo_login, name="demo_login"),
    path("search/", views_search.SearchPage.as_view(), name="search"),
    path("search/suggestions/", views_search.SearchSuggestions.as_view(), name="search_suggestions"),
    path("bin/", views_bin.BinHome.as_view(), name="bin"),
    path("system/", include("crm.urls_system")),
    path("", include("parks.urls")),
    path("", include("visits.urls")),
    path("", include("reports.urls")),
    path("api/schema/", views_api.Schema.as_view(), name="schema"),
    path("api/docs/", views_api.Docs.as_view(), name="api_docs"),
]
