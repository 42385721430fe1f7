"""The settings of gunicorn in production, when it is started in this folder; config/local_server.py repeats them."""

# No header decides the address of the site or the scheme of a request. By default gunicorn would accept SCRIPT_NAME,
# PATH_INFO and the scheme from every connection of this machine, so from every client of a proxy on it. Only Django
# reads X-Forwarded-Proto, if BEHIND_PROXY says that a proxy sets it.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
