"""The forms of signing in: allauth's, in our words, without text in the fields; and accepting an invitation."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wor import errors
from wor.accounts import services, sign_in
from wor.accounts.models import User
from wor.accounts.photos import LARGEST
from wor.forms import WorForm, say_how_to_mend

PASSWORD_HELP = _("12 tot 128 tekens. Een zin van een paar woorden is makkelijk te onthouden.")
CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "data-width": "s"}
LIMITED = {"too_many_login_attempts", "rate_limited"}


class OurWords:
    """Mixin: our label and help for each field, and no example text inside it."""

    words: ClassVar[dict[str, tuple]] = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            label, help_text = self.words.get(name, (field.label, ""))
            field.label, field.help_text = label, help_text
        say_how_to_mend(self.fields)  # type: ignore[attr-defined]


class SignInForm(OurWords, account.LoginForm):
    words = {"login": (_("E-mailadres"), ""), "password": (_("Wachtwoord"), "")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "inputmode": "email"}


class PasswordAgainForm(OurWords, account.ReauthenticateForm):
    words = {"password": (_("Wachtwoord"), "")}


class ForgotPasswordForm(OurWords, account.ResetPasswordForm):
    words = {"email": (_("E-mailadres"), _("Het adres waarmee u zich aanmeldt."))}

    def save(self, request, **kwargs) -> str:
        """The same answer for every address; the mail and its link are made by the worker."""
        email = self.cleaned_data["email"]
        sign_in.note(request, "password-forgotten", "asked", address=email)
        services.ask_new_password(email)
        return email


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    """Typed once: it can be made visible."""

    words = {"password1": (_("Nieuw wachtwoord"), PASSWORD_HELP)}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Huidig wachtwoord"), ""),
        "password1": (_("Nieuw wachtwoord"), PASSWORD_HELP),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class SetPasswordForm(OurWords, account.SetPasswordForm):
    words = {"password1": (_("Nieuw wachtwoord"), PASSWORD_HELP)}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class _Attempt:
    """Mixin: each try of a second factor is written down, and too many are answered with 429."""

    kind = "code"

    def attempt(self, check) -> Any:
        request, user = context.request, getattr(self, "user", None)
        try:
            return check()
        except ValidationError as refused:
            if getattr(refused, "code", "") in LIMITED:
                sign_in.note(request, self.kind, "limited", user=user)
                raise ImmediateHttpResponse(errors.too_many(request)) from refused
            sign_in.note(request, self.kind, "failed", user=user)
            raise


class SecondStepForm(OurWords, _Attempt, mfa.AuthenticateForm):
    words = {"code": (_("Code"), _("Zes cijfers uit de app, of een van de herstelcodes."))}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE_ATTRS
        self.fields["remember"] = forms.BooleanField(
            label=_("Vraag dit 30 dagen niet meer op deze computer"),
            help_text=_("Uw wachtwoord vragen we wel. Zet dit niet aan op een computer van iemand anders."),
            required=False,
        )

    def clean_code(self) -> str:
        return self.attempt(super().clean_code)


class CodeAgainForm(OurWords, _Attempt, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), _("Zes cijfers uit de app, of een van de herstelcodes."))}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE_ATTRS

    def clean_code(self) -> str:
        return self.attempt(super().clean_code)


class StartAppForm(OurWords, _Attempt, totp.ActivateTOTPForm):
    words = {"code": (_("Code uit de app"), _("Zes cijfers. De app maakt elke halve minuut een nieuwe."))}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= CODE_ATTRS | {"autofocus": False}

    def clean_code(self) -> str:
        return self.attempt(super().clean_code)


class _Passkey(OurWords, _Attempt):
    kind = "passkey"

    def clean_credential(self):
        return self.attempt(self._checked)

    def _checked(self):
        """What a browser sends is parsed by the library, which is not always ready for nonsense."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, IndexError) as nonsense:
            raise get_mfa_adapter().validation_error("incorrect_code") from nonsense


class PasskeySignInForm(_Passkey, webauthn.LoginWebAuthnForm):
    pass


class PasskeySecondStepForm(_Passkey, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    """Always one that works without a password: on the device, behind its own lock."""

    words = {"name": (_("Naam"), _("Om deze passkey te herkennen, zoals “Laptop praktijk”."))}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean(self) -> dict:
        try:
            return super().clean()
        except ValidationError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, IndexError) as nonsense:
            raise get_mfa_adapter().validation_error("incorrect_code") from nonsense


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    words = {"name": (_("Naam"), "")}


class AcceptInvitationForm(WorForm):
    """Name and password of somebody new."""

    name = forms.CharField(
        label=_("Uw naam"),
        max_length=120,
        help_text=_("Zoals collega's u kennen, bijvoorbeeld “Anne van der Meer”."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Wachtwoord"),
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    no_bsn_check = ("password",)

    def __init__(self, *args, email: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self._email, name=self.cleaned_data.get("name", "")))
        return password


class PhotoForm(WorForm):
    """A photo, of which only the pixels are kept (photos.py)."""

    photo = forms.FileField(
        label=_("Foto"),
        help_text=_("JPEG, PNG of WebP, hoogstens 5 MB. We maken er een vierkantje van; de rest bewaren we niet."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Kies een foto."),
            "empty": _("Dit bestand is leeg. Kies een andere foto."),
            "missing": _("Kies een foto."),
        },
    )

    def clean_photo(self):
        photo = self.cleaned_data["photo"]
        if photo.size > LARGEST:
            raise forms.ValidationError(_("Deze foto is groter dan 5 MB. Kies een kleinere."))
        return photo
