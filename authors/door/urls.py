"""The pages of the door, in French. Their names are allauth's: its own pages lead to each other."""

from allauth.account import views as allauth
from django.urls import include, path, re_path, reverse_lazy
from django.views.generic import RedirectView

from authors.door import confirming, profile, views, welcome

urlpatterns = [
    path("", views.account, name="account"),
    path("entree/", allauth.login, name="account_login"),
    path("sortie/", allauth.logout, name="account_logout"),
    path("confirmation/", allauth.reauthenticate, name="account_reauthenticate"),
    path("confirmation/suite/<str:token>/", confirming.go_on, name="go-on"),
    path("ferme/", allauth.account_inactive, name="account_inactive"),
    path(
        "inscription/",
        RedirectView.as_view(url=reverse_lazy("account_login")),
        name="account_signup",
    ),
    path("mot-de-passe/", allauth.password_change, name="account_change_password"),
    path("mot-de-passe/premier/", allauth.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", allauth.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:token>/", welcome.invitation, name="invitation"),
    path("profil/", profile.profile, name="profile"),
    path("facteur/", views.factors, name="mfa_index"),  # before allauth's own of the same name
    path(
        "facteur/webauthn/",
        RedirectView.as_view(url=reverse_lazy("mfa_index")),
        name="mfa_list_webauthn",
    ),
    path("facteur/webauthn/keys/<int:pk>/remove/", views.remove_key, name="mfa_remove_webauthn"),
    path("facteur/", include("allauth.mfa.urls")),
    path("sessions/", views.own_sessions, name="usersessions_list"),
]
