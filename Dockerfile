# Builds a static binary and puts nothing beside it but certificates and the
# community's own files. Time zones are inside the binary; there is no shell.
#
#   docker build -t herald .
#   docker run --rm -it -v herald:/data herald

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/herald . \
 && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/herald /herald
COPY config.yaml /etc/herald/config.yaml
COPY content/posts /etc/herald/content/posts
# The store and what stands beside it are all that is written. 65532 is nobody
# on purpose.
COPY --from=build --chown=65532:65532 /out/data /data
VOLUME /data
USER 65532:65532
ENV HERALD_CONFIG=/etc/herald/config.yaml HERALD_STORE=/data/herald.db TMPDIR=/data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/herald", "health"]
ENTRYPOINT ["/herald"]
CMD ["run"]
