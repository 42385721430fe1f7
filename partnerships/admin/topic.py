from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.models import Topic
from publishing.desk.languages import texts_searched
from publishing.desk.publication import PublicationAdmin


@admin.register(Topic)
class TopicAdmin(PublicationAdmin):
    texts = ("name", "description")
    about = ((_("Topic"), {"fields": ["kind", "slug", "parent"]}),)
    list_display = ("name", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = (*texts_searched("name"), "slug")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name_en",)}
