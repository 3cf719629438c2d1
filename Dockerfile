# The static binary alone, in an image of nothing else.
#   docker build -t ctibox . && docker run -p 5003:5003 -v ctibox:/data ctibox
# Commands: docker exec CONTAINER /ctibox user list
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends musl-tools git make perl \
    && rm -rf /var/lib/apt/lists/* \
    && rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /source
COPY . .
# For `--version`, where the sources come without their history.
ARG CTIBOX_COMMIT
RUN CTIBOX_COMMIT=$CTIBOX_COMMIT packaging/build \
    && install -d -m 0750 -o 65532 -g 65532 /image/data \
    && cp target/package/ctibox /image/ctibox

FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /image/data /data
USER 65532:65532
WORKDIR /data
ENV CTIBOX_DATA=/data
VOLUME /data
EXPOSE 5003
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/ctibox", "health"]
ENTRYPOINT ["/ctibox"]
CMD ["serve"]
