"""All addresses. Apps are named by string, so that crm imports none of them."""

from django.urls import include, path

from crm import views, views_accounts, views_api, views_bin

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("accounts/", include("allauth.account.urls")),
    path("demo/login/", views_accounts.demo_login, name="demo_login"),
    path("bin/", views_bin.BinHome.as_view(), name="bin"),
    path("system/", include("crm.urls_system")),
    path("", include("parks.urls")),
    path("", include("visits.urls")),
    path("", include("reports.urls")),
    path("api/schema/", views_api.Schema.as_view(), name="schema"),
    path("api/docs/", views_api.Docs.as_view(), name="api_docs"),
]
