# What npm packs and the locked dependencies, and nothing else.
FROM node:24-trixie-slim AS build

WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack --pack-destination /tmp

WORKDIR /app
RUN tar -xzf /tmp/innbox-*.tgz --strip-components=1 \
  && cp /source/package-lock.json /source/.npmrc ./ \
  && npm ci --omit=dev --ignore-scripts \
  && mkdir /data

FROM gcr.io/distroless/nodejs24-debian13:nonroot

COPY --from=build /app /app
COPY --from=build --chown=nonroot:nonroot /data /data

# Everything that is written is below /data, SQLite's temporary files too, so that the rest may be read-only.
ENV INNBOX_HOST=0.0.0.0 \
  INNBOX_DATABASE=sqlite:/data/innbox.db \
  INNBOX_SECRET_KEY_FILE=/data/innbox.key \
  SQLITE_TMPDIR=/data \
  NODE_DISABLE_COMPILE_CACHE=1 \
  NODE_ENV=production \
  MALLOC_MMAP_THRESHOLD_=49152 \
  MALLOC_TRIM_THRESHOLD_=131072

WORKDIR /data
VOLUME /data
EXPOSE 8080
USER nonroot

HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["/nodejs/bin/node", "/app/packaging/health.js"]

ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=16", "/app/packaging/innbox.js"]
CMD ["serve"]
