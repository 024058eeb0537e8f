# One image for web, worker, beat and the one-shot set-up. For a build that never changes, give the base by digest:
# docker build --build-arg PYTHON=python@sha256:… .
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/workbench/bin:$PATH
RUN python -m venv /opt/workbench
WORKDIR /app
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements.lock
COPY . ./
RUN pip install --no-deps --no-build-isolation --no-index -e . \
    && pybabel -q compile -d workbench/translations \
    && python -m whitenoise.compress --quiet workbench/static \
    && python -m compileall -q workbench tasks seeds migrations

FROM ${PYTHON}
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin workbench \
    && install -d -o workbench -g workbench -m 0700 /var/lib/workbench
COPY --from=build /opt/workbench /opt/workbench
COPY --from=build /app /app
ENV PATH=/opt/workbench/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 WORKBENCH_HOME=/var/lib/workbench
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["workbench", "serve", "--bind", "0.0.0.0:8000"]
