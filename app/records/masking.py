"""How personal numbers are hidden on screens, in logs and in notices: the usual practice of the county offices."""


def masked(text: str, how: str) -> str:
    """`text` with its middle hidden.

    Args:
        how: "id" first 6 and last 4 (of a 20-digit card too, whose kind and level are hidden), "phone" first 3 and
            last 4, "bank" last 4, "name" the first character
    """
    if how == "id":
        shown = text[:18]
        hidden = len(shown) - 10
        return f"{shown[:6]}{'*' * hidden}{shown[-4:]}{'*' * (len(text) - 18)}" if hidden > 0 else "*" * len(text)
    if how == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else "*" * len(text)
    if how == "bank":
        return f"****{text[-4:]}" if len(text) > 4 else "****"
    return f"{text[:1]}**"
