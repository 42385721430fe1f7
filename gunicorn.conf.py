"""What gunicorn keeps to where it is started in this folder, in production; config/local_server.py says the same."""

# Nothing that a header says decides where the site stands or how it was asked. By default gunicorn would take
# SCRIPT_NAME, PATH_INFO and the scheme from whoever connects from this machine, so from every client of a proxy on it.
# Django alone reads X-Forwarded-Proto, where BEHIND_PROXY says that a proxy sets it.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
