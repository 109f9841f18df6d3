#!/usr/bin/env bash
# A channel of one's own: what you type is what a buyer writes, and answers are printed.
#
# Needs bash 4, curl, openssl, jq and socat. Run it with the push address and the secret of the account:
#   PUSH_URL=http://127.0.0.1:8484/in/1/... SECRET=whsec_... PORT=9000 ./channel.sh
# For a machine of your own: while it signs, the list of processes shows the key.
set -u -o pipefail
export LC_ALL=C PUSH_URL SECRET
key=$(printf %s "${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')

# sign NAME SECONDS BODY prints the signature of Standard Webhooks.
sign() {
	printf 'v1,'
	printf '%s.%s.%s' "$1" "$2" "$3" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A
}

# push EVENT tells Sellerdesk what happened.
push() {
	local name at said
	name=msg_$(openssl rand -hex 16) at=$(date +%s)
	said=$(printf %s "$1" | curl -sS --max-time 10 --fail-with-body -H 'content-type: application/json' -H "webhook-id: $name" \
		-H "webhook-timestamp: $at" -H "webhook-signature: $(sign "$name" "$at" "$1")" --data-binary @- "$PUSH_URL" 2>&1) ||
		printf 'not taken: %s\n' "$said" >&4 # a real channel keeps the event and pushes it again with the same webhook-id
}

# answer STATUS JSON ends a request.
answer() { printf 'HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "$1" "${#2}" "$2"; }

# reply takes one request with what is answered to the buyer.
reply() {
	local line name= at= given= length=0 body event
	while IFS= read -r line && line=${line%$'\r'} && [ -n "$line" ]; do
		case ${line,,} in
		webhook-id:*) name=${line#*: } ;;
		webhook-timestamp:*) at=${line#*: } ;;
		webhook-signature:*) given=${line#*: } ;;
		content-length:*) length=${line//[!0-9]/} ;;
		esac
	done
	body=$(head -c "$length"; printf .) body=${body%.}
	local age=$(($(date +%s) - 10#0${at//[!0-9]/}))
	if [[ " $given " != *" $(sign "$name" "$at" "$body") "* ]] || ((age > 300 || age < -300)); then
		answer '401 Unauthorized' '{"error":"The signature is wrong or old."}'
	elif [ "$(jq -r .type <<<"$body")" != reply ]; then # "check" asks for the name of the channel
		answer '200 OK' '{"name":"Console"}'
	else
		jq -r '"answer: " + .text' <<<"$body" >&3
		answer '200 OK' "$(jq -c '{id}' <<<"$body")"
		push "$(jq -c '{type: "status", conversation, message: {id}, status: "delivered"}' <<<"$body")"
	fi
}

[ "${1-}" = reply ] && reply && exit
exec 3>&1 4>&2
socat "TCP-LISTEN:${PORT:-9000},bind=127.0.0.1,reuseaddr,fork" "EXEC:\"$BASH\" \"$0\" reply" &
trap 'kill $!' EXIT
while IFS= read -r line; do
	push "$(jq -nc --arg text "$line" --arg id "$(openssl rand -hex 16)" \
		'{type: "message", conversation: "console", from: {id: "me", name: "Console"}, message: {id: $id, text: $text}}')"
done
