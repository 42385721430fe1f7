from publishing.models.change import Change
from publishing.models.sent_form import SentForm

__all__ = ["Change", "SentForm"]
