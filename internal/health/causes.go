package health

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// saying is what is said of a cause: what is so and what to do about it. Both
// languages take the same values in the same order.
type saying struct{ text, hint sellerdesk.Sentence }

// sayings is the table of all causes.
func sayings() map[sellerdesk.Cause]saying {
	all := ofCabinets()
	maps.Copy(all, ofTheHouse())
	maps.Copy(all, ofTheDoctor())
	return all
}

func both(ru, en string) sellerdesk.Sentence { return sellerdesk.Sentence{RU: ru, EN: en} }

// ofCabinets are the causes of single cabinets. Each line begins with the name.
func ofCabinets() map[sellerdesk.Cause]saying {
	return map[sellerdesk.Cause]saying{
		sellerdesk.CauseTokenExpired: {
			both("%s: канал не принимает токен, он истёк или отозван", "%s: the channel does not take the token, it has expired or was revoked"),
			both("Создайте новый токен в кабинете продавца и впишите его в настройках кабинета.", "Make a new token in the seller's cabinet and enter it in the settings of the cabinet."),
		},
		sellerdesk.CauseTokenEnds: {
			both("%s: токен действует до %s, осталось %s", "%s: the token is good until %s, %s are left"),
			both("Создайте новый токен заранее и впишите его в настройках кабинета.", "Make a new token in time and enter it in the settings of the cabinet."),
		},
		sellerdesk.CauseTokenReadOnly: {
			both("%s: токен только для чтения, отвечать нельзя", "%s: the token is read-only, nothing can be answered"),
			both("Создайте токен с правом записи и впишите его в настройках кабинета.", "Make a token that may write and enter it in the settings of the cabinet."),
		},
		sellerdesk.CauseAccountBroken: {
			both("%s: кабинет не работает: %s", "%s: the cabinet does not work: %s"),
			both("Откройте настройки кабинета и нажмите «Возобновить»; если не помогло, впишите токен заново.", "Open the settings of the cabinet and resume it; if that does not help, enter the token again."),
		},
		sellerdesk.CauseAccountPaused: {
			both("%s: кабинет на паузе, сообщения не читаются и не уходят", "%s: the cabinet is paused, nothing is read and nothing leaves"),
			both("Нажмите «Возобновить» в настройках кабинета, когда он снова нужен.", "Resume it in the settings of the cabinet when it is needed again."),
		},
		sellerdesk.CauseAddressBlocked: {
			both("%s: адрес канала недоступен уже %s (%s), хотя другие адреса отвечают", "%s: the address of the channel cannot be reached for %s (%s), while other addresses answer"),
			both("Проверьте межсетевой экран и прокси, и не заблокирован ли адрес этого сервера каналом; откройте адрес канала с этой машины.", "Check firewall and proxy, and whether the channel blocks the address of this server; open the address of the channel from this machine."),
		},
		sellerdesk.CauseUnreachable: {
			both("%s: канал не отвечает уже %s (%s)", "%s: the channel does not answer for %s (%s)"),
			both("Проверьте сеть этой машины и адрес канала; если сбой на стороне канала, чтение продолжится само.", "Check the network of this machine and the address of the channel; if the trouble is with the channel, reading goes on by itself."),
		},
		sellerdesk.CauseRemoteClock: {
			both("%s: часы канала расходятся с нашими на %s", "%s: the clock of the channel differs from ours by %s"),
			both("Сверьте часы этой машины; если они верны, ошибается канал, и времена его сообщений неточны.", "Compare the clock of this machine; if it is right, the channel errs, and the times of its messages are not exact."),
		},
		sellerdesk.CauseThrottled: {
			both("%s: канал просит подождать, отказов за 10 минут: %s", "%s: the channel makes us wait, refusals within 10 minutes: %s"),
			both("Проверьте, не пользуются ли тем же токеном другие программы; ответы людей идут первыми.", "Check whether other programs use the same token; what people write goes first."),
		},
		sellerdesk.CauseStreamFailing: {
			both("%s: не читается %s: %s", "%s: %s cannot be read: %s"),
			both("Попытки повторяются сами; если это длится больше часа, проверьте права токена.", "It is tried again by itself; when it lasts for over an hour, check what the token may do."),
		},
		sellerdesk.CauseStreamLate: {
			both("%s: %s не читается уже %s", "%s: %s was not read for %s"),
			both("Проверьте, работает ли сервер без перегрузки; перезапуск безопасен.", "Check whether the server is overloaded; a restart is safe."),
		},
		sellerdesk.CausePushLost: {
			both("%s: уведомления не приходят уже %s, новое находит только опрос: адрес для уведомлений потерян", "%s: nothing was pushed for %s while reading finds new words: the push address is lost"),
			both("Проверьте, что --public-url доступен снаружи, и впишите адрес для уведомлений из настроек кабинета в канале заново.", "Check that --public-url can be reached from outside, and enter the push address from the settings of the cabinet at the channel again."),
		},
		sellerdesk.CausePushRefused: {
			both("%s: канал не принимает адрес для уведомлений: %s", "%s: the channel does not take the push address: %s"),
			both("Проверьте --public-url и права токена; новое пока находит опрос, медленнее.", "Check --public-url and what the token may do; until then reading finds what is new, more slowly."),
		},
		sellerdesk.CausePushUnsigned: {
			both("%s: уведомления приходят без верной подписи и не принимаются: %s", "%s: what is pushed is not signed and not taken: %s"),
			both("Сверьте секрет и часы с обеих сторон; если это не ваш скрипт, кто-то узнал адрес для уведомлений.", "Compare the secret and the clock on both sides; if it is not your script, somebody has learnt the push address."),
		},
		sellerdesk.CausePushBlocked: {
			both("%s: пришедшие уведомления не удаётся прочитать, ждут: %s", "%s: what was pushed cannot be read, waiting: %s"),
			both("Попытки повторяются сами; проверьте, отвечает ли канал.", "It is tried again by itself; check whether the channel answers."),
		},
		sellerdesk.CauseOutcomeUnknown: {
			both("%s: неизвестно, дошли ли сообщения: %s", "%s: it is not known whether messages arrived: %s"),
			both("Откройте их в списке и решите: отправить снова или отказаться.", "Open them in the list and decide: send again or give up."),
		},
	}
}

// ofTheHouse are the causes of what belongs to no cabinet.
func ofTheHouse() map[sellerdesk.Cause]saying {
	return map[sellerdesk.Cause]saying{
		sellerdesk.CauseClockWrong: {
			both("Часы этой машины %s на %s", "The clock of this machine is %s by %s"),
			both("Включите синхронизацию времени: timedatectl set-ntp true.", "Switch the synchronisation of time on: timedatectl set-ntp true."),
		},
		sellerdesk.CauseNetworkDown: {
			both("Ни один канал не отвечает: похоже, у этой машины нет сети", "No channel answers: this machine seems to have no network"),
			both("Проверьте сеть, DNS и межсетевой экран этой машины.", "Check network, DNS and firewall of this machine."),
		},
		sellerdesk.CauseDiskFull: {
			both("Диск полон: в %s свободно %s", "The disk is full: %[2]s are free in %[1]s"),
			both("Освободите место; чтение и отправка продолжатся сами, ничего не потеряно.", "Free some space; reading and sending go on by themselves, nothing is lost."),
		},
		sellerdesk.CauseDiskLittle: {
			both("Диск почти полон: в %s свободно %s", "The disk is nearly full: %[2]s are free in %[1]s"),
			both("Освободите место или перенесите папку данных на другой диск.", "Free some space or move the data folder to another disk."),
		},
		sellerdesk.CauseDiskReadOnly: {
			both("В папку данных %s нельзя писать", "The data folder %s cannot be written to"),
			both("Проверьте права на папку и не смонтирован ли диск только для чтения.", "Check the rights on the folder and whether the disk is mounted read-only."),
		},
		sellerdesk.CauseDatabaseDown: {
			both("База данных не отвечает", "The database does not answer"),
			both("Проверьте диск, а с PostgreSQL сервер базы; подробности в журнале.", "Check the disk, with PostgreSQL the server of the database; the log tells more."),
		},
		sellerdesk.CauseDatabaseSlow: {
			both("База данных пишет медленно: %s на запись", "The database writes slowly: %s for a write"),
			both("Проверьте, не занят ли диск другими программами; базе нужен SSD.", "Check whether other programs keep the disk busy; the database needs an SSD."),
		},
		sellerdesk.CauseWorkerStopped: {
			both("Часть программы остановилась: %s", "A part of the program stopped: %s"),
			both("Перезапустите сервер и сохраните журнал.", "Restart the server and keep the log."),
		},
		sellerdesk.CauseWebhookFailing: {
			both("Вебхук %s не принимается: %s", "Webhook %s is not taken: %s"),
			both("Проверьте получателя и возобновите доставку в настройках вебхуков; события сохранены.", "Check the receiver and resume the delivery in the settings of webhooks; the events are kept."),
		},
		sellerdesk.CauseSecretsUnsealed: {
			both("Смена ключа шифрования не закончена: старый ключ ещё нужен", "The change of the sealing key is not finished: the old key is still needed"),
			both("Выполните sellerdesk secrets rotate ещё раз.", "Run sellerdesk secrets rotate again."),
		},
		sellerdesk.CauseBackupNone: {
			both("О резервных копиях ничего не известно", "Nothing is known of backups"),
			both("Копируйте базу и secret.key и отмечайте каждую копию: touch %s.", "Copy the database and secret.key, and mark every copy: touch %s."),
		},
		sellerdesk.CauseBackupOld: {
			both("Последняя резервная копия сделана %s назад", "The last backup is %s old"),
			both("Проверьте, работает ли резервное копирование.", "Check whether the backup still runs."),
		},
	}
}

// ofTheDoctor are the causes that show from outside only.
func ofTheDoctor() map[sellerdesk.Cause]saying {
	return map[sellerdesk.Cause]saying{
		sellerdesk.CauseServerDown: {
			both("Сервер %s не отвечает: %s", "The server %s does not answer: %s"),
			both("Запустите sellerdesk serve или назовите другой адрес ключом --server.", "Start sellerdesk serve, or name another address with --server."),
		},
		sellerdesk.CauseKeyNeeded: {
			both("Кабинеты не проверены: %s", "The cabinets were not looked at: %s"),
			both("Передайте ключ с правом see: --api-key.", "Give a key that holds the right see: --api-key."),
		},
		sellerdesk.CauseDataFolder: {
			both("Данные не открываются: %s", "The data cannot be opened: %s"),
			both("Проверьте папку --data и базу --database; пока сервер работает, спрашивайте его ключом --server.", "Check the folder --data and the database --database; while a server runs, ask it with --server."),
		},
		sellerdesk.CauseKeyFile: {
			both("Ключ шифрования: %s", "The sealing key: %s"),
			both("Файл secret.key должен лежать в папке данных с правами 600; без него токены не открыть.", "The file secret.key belongs into the data folder with mode 600; without it the tokens cannot be opened."),
		},
	}
}

// Find makes the finding of a cause. Values stand in the order of its
// sentences; a [sellerdesk.Sentence] among them is said in the language of the
// line. Every line stays one line, whatever the values hold.
func Find(id string, state sellerdesk.FindingState, cause sellerdesk.Cause, values ...any) sellerdesk.Finding {
	s := sayings()[cause]
	hint := sellerdesk.Sentence{RU: s.hint.RU, EN: s.hint.EN}
	if cause == sellerdesk.CauseBackupNone { // the only hint with a value
		hint = said(hint, values)
		values = nil
	}
	return sellerdesk.Finding{ID: id, State: state, Cause: cause, Text: said(s.text, values), Hint: hint}
}

// Fine makes the finding of something that is as it should be.
func Fine(id, ru, en string) sellerdesk.Finding {
	return sellerdesk.Finding{ID: id, State: sellerdesk.FindingOK, Cause: sellerdesk.CauseFine, Text: sellerdesk.Sentence{RU: oneLine(ru), EN: oneLine(en)}}
}

func said(s sellerdesk.Sentence, values []any) sellerdesk.Sentence {
	in := func(format string, l sellerdesk.Language) string {
		args := make([]any, len(values))
		for i, v := range values {
			if word, ok := v.(sellerdesk.Sentence); ok {
				v = word.In(l)
			}
			args[i] = fmt.Sprint(v)
		}
		if len(args) == 0 {
			return format
		}
		return oneLine(fmt.Sprintf(format, args...))
	}
	return sellerdesk.Sentence{RU: in(s.RU, sellerdesk.Russian), EN: in(s.EN, sellerdesk.English)}
}

// longestLine bounds a sentence with what others put into it, in characters.
const longestLine = 400

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longestLine {
		s = string(r[:longestLine-1]) + "…"
	}
	return s
}

// span says how long something takes or took, in its two largest units.
func span(d time.Duration) sellerdesk.Sentence {
	d = d.Abs()
	parts := func(a time.Duration, aRU, aEN string, b time.Duration, bRU, bEN string) sellerdesk.Sentence {
		x, y := int64(d/a), int64(d%a/b)
		if y == 0 {
			return sellerdesk.Sentence{RU: fmt.Sprintf("%d %s", x, aRU), EN: fmt.Sprintf("%d %s", x, aEN)}
		}
		return sellerdesk.Sentence{RU: fmt.Sprintf("%d %s %d %s", x, aRU, y, bRU), EN: fmt.Sprintf("%d %s %d %s", x, aEN, y, bEN)}
	}
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return parts(day, "дн.", "d", time.Hour, "ч", "h")
	case d >= time.Hour:
		return parts(time.Hour, "ч", "h", time.Minute, "мин", "min")
	case d >= time.Minute:
		return parts(time.Minute, "мин", "min", time.Second, "с", "s")
	case d >= time.Second:
		return parts(time.Second, "с", "s", time.Millisecond, "мс", "ms")
	}
	return sellerdesk.Sentence{RU: fmt.Sprintf("%d мс", d.Milliseconds()), EN: fmt.Sprintf("%d ms", d.Milliseconds())}
}

// room says how many bytes there are.
func room(bytes int64) sellerdesk.Sentence {
	if bytes >= 1<<30 {
		n := fmt.Sprintf("%.1f", float64(bytes)/(1<<30))
		return sellerdesk.Sentence{RU: strings.Replace(n, ".", ",", 1) + " ГБ", EN: n + " GB"}
	}
	return sellerdesk.Sentence{RU: fmt.Sprintf("%d МБ", bytes>>20), EN: fmt.Sprintf("%d MB", bytes>>20)}
}

// troubled names how an address fails.
func troubled(t trouble) sellerdesk.Sentence {
	switch t {
	case troubleName:
		return sellerdesk.Sentence{RU: "имя не находится", EN: "its name is not found"}
	case troubleRefused:
		return sellerdesk.Sentence{RU: "соединение отклоняется", EN: "connections are refused"}
	case troubleTimeout:
		return sellerdesk.Sentence{RU: "нет ответа вовремя", EN: "no answer in time"}
	case troubleTLS:
		return sellerdesk.Sentence{RU: "защищённое соединение не устанавливается", EN: "TLS fails"}
	case troubleCut:
		return sellerdesk.Sentence{RU: "соединение обрывается", EN: "connections are cut"}
	case troubleDenied:
		return sellerdesk.Sentence{RU: "на всё ответ 403", EN: "everything is answered with 403"}
	case troubleServer:
		return sellerdesk.Sentence{RU: "на всё ответ 5xx", EN: "everything is answered with 5xx"}
	}
	return sellerdesk.Sentence{RU: "сбой сети", EN: "the network fails"}
}

// because names a reason in both languages; where only the text tells it stays
// as it is.
func because(code sellerdesk.ReasonCode, text sellerdesk.Optional) sellerdesk.Sentence {
	en := strings.TrimSuffix(string(text), ".")
	ru := map[sellerdesk.ReasonCode]string{
		sellerdesk.ReasonCredentials: "токен не подходит",
		sellerdesk.ReasonExpired:     "токен истёк",
		sellerdesk.ReasonScope:       "у токена нет нужного права",
		sellerdesk.ReasonReadOnly:    "токен только для чтения",
		sellerdesk.ReasonThrottled:   "канал просит подождать",
		sellerdesk.ReasonUnreachable: "канал не отвечает",
		sellerdesk.ReasonMalformed:   "ответ канала не понят",
		sellerdesk.ReasonRefused:     "канал отказал",
		sellerdesk.ReasonGone:        "у канала этого больше нет",
		"internal":                   "ошибка в Sellerdesk, попытка повторится сама",
	}[code]
	if en == "" {
		en = strings.ReplaceAll(string(code), "_", " ")
	}
	if ru == "" {
		ru = en
	}
	if ru == "" {
		return sellerdesk.Sentence{RU: "причина неизвестна", EN: "for no known reason"}
	}
	return sellerdesk.Sentence{RU: ru, EN: en}
}

// ClockDiffers tells that the clock of the server differs from that of whoever
// asks, by how much the latter is ahead.
func ClockDiffers(off time.Duration) sellerdesk.Finding {
	state := sellerdesk.FindingWarn
	by := span(off)
	return sellerdesk.Finding{
		ID: "clock/server", State: state, Cause: sellerdesk.CauseClockWrong,
		Text: sellerdesk.Sentence{RU: "Часы сервера и этой машины расходятся на " + by.RU, EN: "The clocks of the server and of this machine differ by " + by.EN},
		Hint: sayings()[sellerdesk.CauseClockWrong].hint,
	}
}

// Unready tells of something that keeps a server from being ready, of which only
// the cause is known.
func Unready(id string, cause sellerdesk.Cause) sellerdesk.Finding {
	s, ok := sayings()[cause]
	if !ok || strings.Contains(s.text.EN, "%") {
		text := sellerdesk.Sentence{RU: "Сервер не готов: " + string(cause), EN: "The server is not ready: " + string(cause)}
		return sellerdesk.Finding{ID: id, State: sellerdesk.FindingFail, Cause: cause, Text: text, Hint: s.hint}
	}
	return Find(id, sellerdesk.FindingFail, cause)
}
