from django.contrib.admin import apps


class DeskConfig(apps.AdminConfig):
    """Django's admin, with the site of our desk."""

    default = False  # this module is not the admin's: it takes the place only where settings say so
    default_site = "config.site.desk.Desk"
