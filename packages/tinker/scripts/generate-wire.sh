#!/usr/bin/env bash
# Generates src/wire/generated from proto/. Needs Python with `grpcio-tools`, for its protoc ($PYTHON).
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p src/wire/generated
npx --yes --package @bufbuild/protoc-gen-es@2.17.0 -- "${PYTHON:-python3}" -m grpc_tools.protoc \
  --proto_path=proto --es_out=src/wire/generated \
  --es_opt=target=ts,import_extension=ts,erasable_syntax=true \
  proto/tinker_public.proto
npx oxfmt src/wire/generated
