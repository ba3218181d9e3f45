// Addresses the device asks for; a test holds them equal to those of the server.
export const FORM = "/visits/new/";
export const OUTBOX = "/visits/outbox/";
export const TOKEN = "/visits/outbox/token/";
export const NAMES = "/visits/outbox/enterprises/";
export const AWAY = "/offline/";
export const WORKER = "/sw.js";
export const LOGIN = "/accounts/login/";
export const LOGOUT = "/accounts/logout/";
export const FILES = "/static/";
