from django.db import migrations

from partnerships.row_policies import readable_whole


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_announce_links")]
    operations = [readable_whole("django_migrations")]
