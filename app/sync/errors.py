"""Why a package or a card is refused: one class for each reason, with the message that an officer reads."""

from app.errors import CorruptFile, NewerVersion, UnrecognizedFile, UserError


class NotAPackage(UnrecognizedFile):
    """The file is no package."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是驻村户档的数据包。请选择同事导出的、以 .hdpack 结尾的文件。")


class NotACard(UnrecognizedFile):
    """The file is no card, or one that somebody altered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是有效的名片，或者已被改动。请让对方重新保存名片（.hdcard）再拷来。")


class NoCardInImage(UnrecognizedFile):
    """No QR code of a card is seen in the picture."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”里没有看到名片的二维码。请把二维码拍正、拍清楚，占满画面的大半，再试一次。")


class NewerPackage(NewerVersion):
    """The package's format is unknown to this version."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”是更新版本的程序导出的，本机还读不懂。请先升级本程序，再导入。")


class Truncated(CorruptFile):
    """The file ends before the package does."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不完整，后面一段没有拷全。请重新拷贝，或请对方重新导出。本机没有任何改动。")


class Tampered(CorruptFile):
    """A byte differs from what the sender wrote."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”已损坏或被人改动过。请重新拷贝，或请对方重新导出。本机没有任何改动。")


class InvalidContent(CorruptFile):
    """Correctly signed, but no workbook of this program can produce its content."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"包里的内容不对：{detail}。没有导入任何内容，请把这个包交给技术人员，并请对方升级后重新导出。"
        )


class WrongRecipient(UserError):
    """Encrypted to other people's keys."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是导出给本机的，打不开。请把本机的名片交给对方，让对方在导出时选择本机。")


class UnknownSender(UserError):
    """Signed by a key that nobody here has trusted."""

    def __init__(self, sender: str, fingerprint: str) -> None:
        super().__init__(
            f"发来这个包的“{sender}”（指纹 {fingerprint}）不在本机的同事名单里。"
            "请先添加对方的名片，当面核对指纹，再导入。"
        )


class RevokedSender(UserError):
    """Signed by a key whose card was revoked here."""

    def __init__(self, sender: str) -> None:
        super().__init__(f"“{sender}”的名片已经停用，他的包不能导入。如果电脑已经找回，请重新添加名片并核对指纹。")


class SelfAddressed(UserError):
    """This workbook's own package."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”是本机自己导出的包，不用导入。请把它交给收包的同事。")


class VillageNotPermitted(UserError):
    """Rows of a village that this sender may not write, or that a row does not belong to."""

    def __init__(self, sender: str, villages: str) -> None:
        super().__init__(f"“{sender}”的包里有不该由他发来的村（{villages}）的数据，没有导入。请与对方核对名片上的村。")


class VillageOutOfScope(VillageNotPermitted):
    """Rows that this sender may write, of a village that is not the one of this workbook."""

    def __init__(self, sender: str, villages: str) -> None:
        UserError.__init__(
            self,
            f"“{sender}”的包是别的村（{villages}）的，本机名片的级别是“村”，只收本村的数据，没有导入。"
            "如果这是乡镇或县里的工作簿，请先在“本机名片”里改级别，再导入。",
        )


class MissingChanges(UserError):
    """The package builds on changes that have not arrived here."""

    def __init__(self, village: str, writer: str, first: int, last: int, holders: tuple[str, ...]) -> None:
        names = "、".join(f"“{name}”" for name in holders)
        super().__init__(
            f"还缺前面的修改：{village}由{writer}写的第 {first}—"
            f"{last} 条没有收到过（{names}那里有），这个包暂不能导入。"
            f"请先导出一个包给“{holders[0]}”，请对方收下后再重新导出一个包给本机。"
        )


class ForgedChanges(UserError):
    """Changes in the name of somebody who has not signed them."""

    def __init__(self, sender: str, owner: str) -> None:
        super().__init__(
            f"“{sender}”的包里有以“{owner}”名义写的修改，却没有“{owner}”本人的签名，没有导入任何内容。"
            f"请向“{owner}”核实，并把这个包留给技术人员；“{owner}”本人导出的包照常导入。"
        )


class CompactedFork(UserError):
    """A stream forks among changes that were compacted away, so that nobody can tell where."""

    def __init__(self, sender: str, owner: str) -> None:
        super().__init__(
            f"“{sender}”的包里，“{owner}”写的修改与本机收到的分成了两支（同一台电脑的副本都在写），"
            "分开处的历史已归并，接不上，这个包没有导入。请让没有归并过历史的同事先收下它，再由他导出给本机。"
        )


class NotAReceipt(UnrecognizedFile):
    """The file is no receipt, or one that somebody altered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是有效的回执，或者已被改动。请让对方重新保存回执（.hdreceipt）再拷来。")


class ForeignReceipt(UserError):
    """A receipt that is not for a package of ours."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不是给本机的回执：不是本机导出的包，或者写回执的人不在本机的同事名单里。")


class AlreadyAcknowledged(UserError):
    """The receipt of this package came back already."""

    def __init__(self, peer: str, at: str) -> None:
        super().__init__(f"“{peer}”收到这个包，本机 {at[:16]} 就已记下了，不用再记。")


class MistypedCode(UserError):
    """The check digit of a receipt's code is wrong."""

    def __init__(self) -> None:
        super().__init__("回执码不对，可能听错、按错或漏了一位。请对方再念一遍，一共 12 位数字。")


class CodeForOtherPackage(UserError):
    """A code that belongs to no package written for this peer."""

    def __init__(self, peer: str, other_peer: str) -> None:
        if other_peer:
            super().__init__(f"这是“{other_peer}”收到包以后的回执码，不是“{peer}”的。请在名单里选“{other_peer}”再填。")
        else:
            super().__init__(
                f"本机导出给“{peer}”的包里，没有与这个回执码相符的。请问清他导入的是不是本机导出的包，再念一遍。"
            )


class NothingToSend(UserError):
    """The peer may see no village of this workbook."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”不能看本机任何一个村的数据，没有可导出的内容。请核对他名片上的村。")


class UnknownPeer(UserError):
    """No such name among the trusted ones."""

    def __init__(self, name: str) -> None:
        super().__init__(f"同事名单里没有“{name}”。请先添加对方的名片并核对指纹。")
