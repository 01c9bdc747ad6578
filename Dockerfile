# syntax=docker/dockerfile:1
ARG TARGETARCH

# The kernels are compiled for one named processor, so that every machine which runs the image finds them compiled.
FROM python:3.13-slim AS base-amd64
ENV NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES=

FROM python:3.13-slim AS base-arm64
ENV NUMBA_CPU_NAME=generic NUMBA_CPU_FEATURES=

FROM base-${TARGETARCH} AS build
WORKDIR /src
RUN python -m venv /app
ENV PATH=/app/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY wordnet_data wordnet_data
COPY augsvc augsvc
RUN pip install -c constraints.txt .
RUN AUGSVC_KERNEL_CACHE="$(cd / && python -c 'from augsvc.kernels.jit import SHIPPED; print(SHIPPED)')" augsvc warmup

FROM base-${TARGETARCH}
RUN useradd --system --uid 10001 --home-dir /data augsvc && install -d -o augsvc -g augsvc /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 AUGSVC_HOST=0.0.0.0 AUGSVC_PORT=8000 AUGSVC_DATA=/data
USER augsvc
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"AUGSVC_PORT\"]}/readyz', timeout=2)"]
ENTRYPOINT ["augsvc"]
CMD ["serve"]
