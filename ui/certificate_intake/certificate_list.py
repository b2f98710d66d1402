"""The pictures of a folder, small, each with its kind, whose it is, and how far an officer has come with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QAbstractItemView

from app.certificate_intake.kind import CertificateKind, Place
from app.certificate_intake.matching import CertificateOwner, MatchedPicture
from app.certificate_intake.recognition import ReadValue
from app.certificate_intake.taking_in import ConfirmedCertificate
from app.records.field import Value
from ui.shell.theme import tokens
from ui.widgets.picture_panes import ThumbnailList


@dataclass(slots=True)
class CertificateChoice:
    """One line: the proposal, and what the officer made of it.

    Attributes:
        confirmed: what is written, once the officer has confirmed it
    """

    matched: MatchedPicture
    kind: CertificateKind | None
    owner: CertificateOwner | None
    doubt: str
    confirmed: ConfirmedCertificate | None = None
    is_left_out: bool = False
    values: Mapping[Place, ReadValue] = field(default_factory=dict)

    @classmethod
    def of(cls, matched: MatchedPicture) -> "CertificateChoice":
        """What the machine proposes."""
        certificate = matched.picture.certificate
        kind, values = (certificate.kind, certificate.values) if certificate else (None, {})
        return cls(matched, kind, matched.owner, matched.doubt, values=values)

    @property
    def is_open(self) -> bool:
        """Whether the officer still has to decide."""
        return not (self.confirmed or self.is_left_out or self.matched.picture.refusal)

    @property
    def name(self) -> str:
        """Whose the certificate is, as it was read or as the owner is called."""
        certificate = self.matched.picture.certificate
        return (self.owner.name if self.owner else "") or (certificate.name if certificate else "")

    @property
    def id_no(self) -> str:
        """The ID number that was read and is certain, "" where there is none."""
        certificate = self.matched.picture.certificate
        return certificate.certain("member", "id_no") if certificate else ""

    def choose_owner(self, owner: CertificateOwner) -> None:
        """An officer has decided whose it is: there is no doubt any more, and it must be confirmed anew."""
        self.owner, self.doubt, self.is_left_out, self.confirmed = owner, "", False, None

    def choose_kind(self, kind: CertificateKind) -> None:
        """An officer has said what it is; what was read as something else is let go of."""
        if kind is not self.kind:
            certificate = self.matched.picture.certificate
            is_read = certificate is not None and certificate.kind is kind
            self.kind, self.confirmed = kind, None
            self.values = certificate.values if certificate and is_read else {}

    def confirm(self, name: str, values: Mapping[Place, Value], shown: Mapping[Place, Value]) -> None:
        """The officer has looked at everything; needs a kind and an owner."""
        assert self.kind is not None
        assert self.owner is not None
        picture = self.matched.picture
        self.confirmed = ConfirmedCertificate(picture, self.kind, self.owner, name, values, shown)
        self.is_left_out, self.doubt = False, ""

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.matched.picture.refusal:
            return "不能用，不收"
        if self.is_left_out:
            return "不收"
        who = self.owner.label if self.owner else "还没有选人"
        return f"{'已确认　' if self.confirmed else ''}{who}"


class CertificateList(ThumbnailList):
    """One at a time: each is looked at."""

    def __init__(self) -> None:
        super().__init__("certificates", "证件照片", QAbstractItemView.SelectionMode.SingleSelection)

    def show_choices(self, choices: Sequence[CertificateChoice]) -> None:
        """Other pictures; the first that is open becomes current."""
        first_open = next((n for n, choice in enumerate(choices) if choice.is_open), 0)
        thumbnails = [choice.matched.picture.thumbnail for choice in choices]
        self.show_pictures(thumbnails, lambda n: self.update_line(n, choices[n]), first_open)

    def update_line(self, n: int, choice: CertificateChoice) -> None:
        """Say anew how far one is."""
        kind = choice.kind.title if choice.kind else "没有认出"
        lines = (f"{choice.matched.picture.path.name}　{kind}", choice.state, choice.doubt)
        colors = tokens()
        color = colors.bad if choice.matched.picture.refusal else colors.warn if choice.doubt else colors.ink
        if choice.confirmed:
            color = colors.good
        self.tell_line(n, lines, colors.quiet if choice.is_left_out else color)
