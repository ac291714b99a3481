#!/bin/sh
# Makes the certificates of the tests anew. They are worth nothing: their keys stand beside them, for all to read.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem

# certificate NAME SUBJECT EXTENSIONS END SIGNER...: makes a key and has its certificate signed
certificate() {
  name=$1 subject=$2 extensions=$3 end=$4
  shift 4
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$name-key.pem"
  openssl req -new -key "$name-key.pem" -subj "/CN=$subject" -out csr
  printf '%s\n' "$extensions" > extensions
  printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' > config
  : > index
  openssl rand -hex 8 > serial
  openssl ca -batch -notext -config config -in csr -out "$name.pem" -extfile extensions \
    -startdate 20200101000000Z -enddate "$end" "$@" 2> /dev/null
}

NAMES='subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1'
certificate ca 'tokenswarm test authority' basicConstraints=critical,CA:TRUE 21200101000000Z -selfsign -keyfile ca-key.pem
certificate self-signed localhost "$NAMES" 21200101000000Z -selfsign -keyfile self-signed-key.pem
certificate server localhost "$NAMES" 21190101000000Z -cert ca.pem -keyfile ca-key.pem
certificate expired localhost "$NAMES" 20210101000000Z -cert ca.pem -keyfile ca-key.pem
certificate elsewhere vllm.example subjectAltName=DNS:vllm.example 21190101000000Z -cert ca.pem -keyfile ca-key.pem
certificate client 'a client' extendedKeyUsage=clientAuth 21190101000000Z -cert ca.pem -keyfile ca-key.pem
openssl pkcs8 -topk8 -in client-key.pem -passout pass:sesame -out client-key-encrypted.pem
rm -f csr extensions config index* serial* [0-9A-F]*.pem ca-key.pem
chmod 644 ./*.pem
