from django.contrib.admin import apps


class DeskConfig(apps.AdminConfig):
    """Django's admin, with our own site."""

    default = False  # this module does not replace Django's admin unless the settings name it
    default_site = "config.site.desk.Desk"
