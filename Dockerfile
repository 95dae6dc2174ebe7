# One image for both forms: alone (embedded stores in /data) or as one of many on ClickHouse and PostgreSQL.
FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY requirements/demo.lock requirements/demo.lock
COPY src src
RUN python -m venv /opt/bihuan \
 && /opt/bihuan/bin/pip install --no-cache-dir --require-hashes -r requirements/demo.lock \
 && /opt/bihuan/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 bihuan && mkdir /data && chown bihuan /data
COPY --from=build /opt/bihuan /opt/bihuan
ENV PATH=/opt/bihuan/bin:$PATH BIHUAN_DATA=/data BIHUAN_HOST=0.0.0.0 BIHUAN_PORT=8480
USER bihuan
VOLUME /data
EXPOSE 8480
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8480/health', timeout=4)"]
ENTRYPOINT ["bihuan"]
CMD ["serve"]
