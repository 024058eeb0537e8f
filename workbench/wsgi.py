"""The web application for a WSGI server."""

from tasks import worker
from workbench.app import serve_app
from workbench.core.db import web_session
from workbench.core.roles import check_role
from workbench.core.settings import Settings

app = serve_app(Settings.load())
worker.init_app(app)  # to send jobs; carrying them out is another process
for template in app.jinja_env.list_templates(extensions=["html"]):
    app.jinja_env.get_template(template)  # compiled once, before the server forks
check_role(web_session.kw["bind"])
web_session.kw["bind"].dispose()  # the server forks: each process makes its own connections
