package sandbox

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// ID is an opaque identity of a conversation, message or file. It is the sealed place of the thing in the world,
// so a world of millions of messages needs no index of identities.
type ID [16]byte

// String writes the identity in the form of a UUID.
func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ParseID reads what String wrote.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("identity of %d characters is not a UUID", len(s))
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(raw) != len(id) {
		return id, fmt.Errorf("identity is not a UUID")
	}
	copy(id[:], raw)
	return id, nil
}

// What an identity names.
const (
	conversationID byte = iota + 1
	messageID
	fileID
	sellerID
)

// place is what an ID hides: the account's number, the conversation's number in it, the message's number in that, the file's in that.
type place struct {
	what                   byte
	account                uint16
	conversation, position uint32
	file                   byte
}

// sealer turns places into identities and back; its key comes from the seed.
type sealer struct{ block cipher.Block }

func newSealer(seed uint64) sealer {
	d := scene.Throw(seed, 0x5ea1)
	var key [16]byte
	binary.BigEndian.PutUint64(key[:8], d.Next())
	binary.BigEndian.PutUint64(key[8:], d.Next())
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // impossible: the key has one of the allowed lengths
	}
	return sealer{block}
}

func (s sealer) seal(p place) ID {
	var plain, id ID
	plain[0] = p.what
	binary.BigEndian.PutUint16(plain[1:], p.account)
	binary.BigEndian.PutUint32(plain[3:], p.conversation)
	binary.BigEndian.PutUint32(plain[7:], p.position)
	plain[11] = p.file
	s.block.Encrypt(id[:], plain[:])
	return id
}

func (s sealer) open(id ID, what byte) (place, bool) {
	var plain ID
	s.block.Decrypt(plain[:], id[:])
	p := place{
		what: plain[0], account: binary.BigEndian.Uint16(plain[1:]),
		conversation: binary.BigEndian.Uint32(plain[3:]), position: binary.BigEndian.Uint32(plain[7:]), file: plain[11],
	}
	return p, p.what == what && binary.BigEndian.Uint32(plain[12:]) == 0
}
