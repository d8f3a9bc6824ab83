// Driver of the comparison: AWS's deaggregator for Go, version 2.
//
// usage: driver FILE, a u32le archive. README.md beside run.sh has the protocol.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/awslabs/kinesis-aggregation/go/v2/deaggregator"
)

type archive struct {
	records []types.Record
	bytes   int
}

func load(path string) (*archive, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	loaded := &archive{bytes: len(content)}
	key, number := "a", "0"
	for at := 0; at < len(content); {
		length := int(binary.LittleEndian.Uint32(content[at:]))
		at += 4
		loaded.records = append(loaded.records, types.Record{
			Data:           content[at : at+length],
			PartitionKey:   &key,
			SequenceNumber: &number,
		})
		at += length
	}
	return loaded, nil
}

// forEachUserRecord calls visit for each user record, digests verified. The
// module hands a record that does not verify back as it is.
func (a *archive) forEachUserRecord(visit func(*types.Record) error) error {
	for i := range a.records {
		users, err := deaggregator.DeaggregateRecords(a.records[i : i+1])
		if err != nil {
			return err
		}
		for j := range users {
			if users[j].PartitionKey == a.records[i].PartitionKey {
				return errors.New("a record did not verify")
			}
			if err := visit(&users[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

var touched int // keeps the compiler from leaving out what run looked at

func run(a *archive) (any, error) {
	begun := time.Now()
	count, sum := 0, 0
	err := a.forEachUserRecord(func(user *types.Record) error {
		sum += len(*user.PartitionKey) + len(user.Data)
		count++
		return nil
	})
	seconds := time.Since(begun).Seconds()
	touched = sum
	return map[string]any{"seconds": seconds, "user_records": count, "bytes": a.bytes}, err
}

// dump writes every user record in the canonical encoding. The module has no
// field for the explicit hash key, so that there is none to write.
func dump(a *archive, path string) (any, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	count := 0
	err = a.forEachUserRecord(func(user *types.Record) error {
		lengths := []uint64{uint64(len(*user.PartitionKey)) + 1, 0, uint64(len(user.Data)) + 1}
		if err := binary.Write(out, binary.LittleEndian, lengths); err != nil {
			return err
		}
		count++
		if _, err := out.WriteString(*user.PartitionKey); err != nil {
			return err
		}
		_, err := out.Write(user.Data)
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return map[string]any{"user_records": count}, err
}

func versions() map[string]string {
	found := map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if strings.Contains(module.Path, "kinesis-aggregation") || module.Path == "google.golang.org/protobuf" {
				found[module.Path] = module.Version
			}
		}
	}
	return found
}

func answer(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func serve(path string) error {
	loaded, err := load(path)
	if err != nil {
		return err
	}
	answer(map[string]any{"ready": true, "versions": versions()})
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		command, argument, _ := strings.Cut(commands.Text(), " ")
		var result any
		switch command {
		case "run":
			result, err = run(loaded)
		case "dump":
			result, err = dump(loaded, argument)
		default:
			err = fmt.Errorf("unknown command: %s", command)
		}
		if err != nil {
			return err
		}
		answer(result)
	}
	return commands.Err()
}

func main() {
	err := errors.New("usage: driver FILE")
	if len(os.Args) == 2 {
		err = serve(os.Args[1])
	}
	if err != nil {
		answer(map[string]string{"error": err.Error()})
		os.Exit(3)
	}
}
