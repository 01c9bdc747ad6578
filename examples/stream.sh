#!/usr/bin/env bash
# Writes an epoch of a corpus as NDJSON, with curl and awk alone. It goes on with the next row after any cut, and checks
# the number and the checksum of the rows of every answer that came to its end.
#
#   examples/stream.sh CORPUS [SEED [EPOCH [TEXT_COLUMN]]] > rows.jsonl
#
# AUGSVC_URL is the server, http://127.0.0.1:8000 where it is not set.
set -euo pipefail

corpus=$1 seed=${2:-0} epoch=${3:-0} column=${4:-text}
url=${AUGSVC_URL:-http://127.0.0.1:8000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

view=$(curl -sS --fail-with-body "$url/views" -H 'Content-Type: application/json' \
    -d "{\"corpus\": \"$corpus\", \"seed\": $seed}" | grep -oE '"view_id":"[0-9a-f]{32}"' | cut -d '"' -f 4)

# Rows go to standard output, the cursor after them to the file `cursor`: empty once the epoch has ended.
check='
BEGIN { packed = work "/sum.gz"; pack = "gzip -1 > " packed }
/^\{"_error":/ { print "the server gave up: " $0 > "/dev/stderr"; next }
/^\{"_end":/ { verify($0); ended = 1; next }
{
    print
    position = number($0, "_position")
    u64(position)
    text = string($0, column)
    u64(length(text))
    printf "%s", text | pack
    rows++
}
END {
    fflush()
    if (!ended && rows) cursor = sprintf("v1.%s.%d.%.0f", view, epoch, position + 1)
    if (ended || rows) print cursor > (work "/cursor")
    exit wrong
}
function verify(line,   named, byte, found) {
    close(pack)
    if (rows) {
        # gzip ends in the CRC-32 of what it packed
        ("tail -c 8 " packed " | od -An -tu1 -N4") | getline named
        split(named, byte, " ")
        found = sprintf("%02x%02x%02x%02x", byte[4], byte[3], byte[2], byte[1])
    } else found = "00000000"
    if (number(line, "rows") != rows + 0 || string(line, "checksum") != found) {
        print "the rows that came are not those that were sent" > "/dev/stderr"
        wrong = 3
    }
    cursor = string(line, "next")
}
function u64(value,   i) {
    for (i = 0; i < 8; i++) { printf "%c", value % 256 | pack; value = int(value / 256) }
}
function number(line, name) {
    return substr(line, index(line, "\"" name "\":") + length(name) + 3) + 0
}
# The UTF-8 of a string, which is null or missing where it is empty.
function string(line, name,   at, found, c) {
    if (!(at = index(line, "\"" name "\":\""))) return ""
    line = substr(line, at + length(name) + 4)
    while (match(line, /["\\]/)) {
        found = found substr(line, 1, RSTART - 1)
        if (substr(line, RSTART, 1) == "\"") return found
        c = substr(line, RSTART + 1, 1)
        line = substr(line, RSTART + 2)
        if (c == "u") { found = found utf8(hex(substr(line, 1, 4))); line = substr(line, 5) }
        else found = found (index("bfnrt", c) ? substr("\b\f\n\r\t", index("bfnrt", c), 1) : c)
    }
}
function hex(digits,   i, value) {
    for (i = 1; i <= 4; i++) value = 16 * value + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
    return value
}
function utf8(code) {
    if (code < 128) return sprintf("%c", code)
    if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
}
'

cursor="v1.$view.$epoch.0"
while [ -n "$cursor" ]; do
    echo "$cursor" > "$work/cursor"
    # `read` gives no line that lacks its end: what a cut left of a row is dropped, and comes again.
    { curl -sSN --fail --compressed --retry 5 "$url/views/$view/stream?cursor=$cursor" || echo $? > "$work/failed"; } |
        while IFS= read -r line; do printf '%s\n' "$line"; done |
        LC_ALL=C awk -v work="$work" -v view="$view" -v epoch="$epoch" -v column="$column" "$check"
    # 22 is a refusal, which would come again; after anything else only an end frame ends the epoch
    [ "$(cat "$work/failed" 2> "$work/none")" != 22 ] || exit 1
    [ "$(cat "$work/cursor")" != "$cursor" ] || sleep 1
    cursor=$(cat "$work/cursor")
done
