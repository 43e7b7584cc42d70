"""Addresses of the staff's door, below the language. The names are allauth's, which looks its pages up by them.

Only what is needed is here: there is no sign-up and no change of the mail address.
"""

from django.urls import path

from accounts.tokens import Purpose
from signin.views import entrance, passwords, security

urlpatterns = [
    path("", entrance.home, name="account_home"),
    path("sign-in/", entrance.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", entrance.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-step/", entrance.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-out/", entrance.SignOut.as_view(), name="account_logout"),
    path("confirm/", entrance.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("confirm/code/", entrance.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", entrance.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("password/forgotten/", passwords.Forgotten.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", passwords.Sent.as_view(), name="account_reset_password_done"),
    path(
        "password/new/<str:token>/",
        passwords.ChoosePassword.as_view(purpose=Purpose.RESET),
        name="account_choose_password",
    ),
    path(
        "invitation/<str:token>/",
        passwords.ChoosePassword.as_view(purpose=Purpose.INVITATION),
        name="account_accept_invitation",
    ),
    path("security/", security.Security.as_view(), name="mfa_index"),
    path("security/password/", security.ChangePassword.as_view(), name="account_change_password"),
    path("security/app/", security.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", security.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("security/codes/", security.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", security.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/codes/download/", security.DownloadRecoveryCodes.as_view(), name="mfa_download_recovery_codes"),
    path("security/passkeys/add/", security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/rename/", security.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", security.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
