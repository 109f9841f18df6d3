// A channel of one's own: what you type is what a buyer writes, and answers are
// printed. It needs the standard library only. Run it with the push address and the
// secret of the account:
//
//	PUSH_URL=http://127.0.0.1:8484/in/1/... SECRET=whsec_... PORT=9000 go run ./examples/channel/go

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object map[string]any

// sign is the signature of Standard Webhooks.
func sign(name, at string, body []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("SECRET"), "whsec_"))
	if err != nil || len(key) == 0 {
		log.Fatal("SECRET must be the secret of the account, whsec_…")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", name, at, body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// push tells Sellerdesk what happened. A real channel keeps what was not taken and
// pushes it again under the same name.
func push(event object) {
	body, _ := json.Marshal(event)
	name, at := "msg_"+rand.Text(), strconv.FormatInt(time.Now().Unix(), 10)
	req, err := http.NewRequest(http.MethodPost, os.Getenv("PUSH_URL"), bytes.NewReader(body))
	if err != nil {
		log.Fatal("PUSH_URL must be the push address of the account: ", err)
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Webhook-Id": {name}, "Webhook-Timestamp": {at}, "Webhook-Signature": {sign(name, at, body)}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Print("not pushed: ", err)
		return
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		log.Printf("not taken: %s", said)
	}
}

// replies takes what is answered to the buyer.
func replies(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	name, at := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp")
	seconds, _ := strconv.ParseInt(at, 10, 64)
	signed := slices.ContainsFunc(strings.Fields(r.Header.Get("Webhook-Signature")), func(given string) bool {
		return hmac.Equal([]byte(given), []byte(sign(name, at, body)))
	})
	if err != nil || !signed || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		http.Error(w, `{"error":"The signature is wrong or old."}`, http.StatusUnauthorized)
		return
	}
	var event struct{ Type, ID, Conversation, Text string }
	if json.Unmarshal(body, &event) != nil || event.Type != "reply" { // "check" asks for the name of the channel
		fmt.Fprint(w, `{"name":"Console"}`)
		return
	}
	fmt.Println("answer:", event.Text)
	go push(object{"type": "status", "conversation": event.Conversation, "message": object{"id": event.ID}, "status": "delivered"})
	_ = json.NewEncoder(w).Encode(object{"id": event.ID})
}

func main() {
	server := &http.Server{Addr: "127.0.0.1:" + cmp.Or(os.Getenv("PORT"), "9000"), Handler: http.HandlerFunc(replies), ReadTimeout: time.Minute}
	go func() { log.Fatal(server.ListenAndServe()) }()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		push(object{"type": "message", "conversation": "console", "from": object{"id": "me", "name": "Console"},
			"message": object{"id": rand.Text(), "text": in.Text()}})
	}
}
