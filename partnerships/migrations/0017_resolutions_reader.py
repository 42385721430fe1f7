from django.db import migrations

from partnerships.row_policies import part


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0016_resolutions")]
    operations = [part("partnerships_resolution", claim_id="partnerships_claim")]
