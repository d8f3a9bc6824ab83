// Driver of the comparison: AWS's aws-kinesis-agg for Node.
//   usage: node driver.js FILE, a u32le archive
// README.md beside run.sh has the protocol. Records go in as buffers, which
// spares the module the decoding of the base64 that Lambda puts around them.
'use strict';

const fs = require('fs');
const readline = require('readline');
const agg = require('aws-kinesis-agg');

function load(path) {
  const content = fs.readFileSync(path);
  const records = [];
  for (let at = 0; at < content.length;) {
    const length = content.readUInt32LE(at);
    at += 4;
    records.push({
      partitionKey: 'a',
      sequenceNumber: '0',
      data: content.subarray(at, at + length),
    });
    at += length;
  }
  return {records, bytes: content.length};
}

// Calls visit(user) for each user record, digests verified.
function forEachUserRecord(records, visit) {
  for (const record of records) {
    agg.deaggregate(record, true, (error, user) => {
      if (error) throw error;
      if (user.subSequenceNumber === undefined) {
        throw new Error('a record is not aggregated');
      }
      visit(user);
    }, (error) => {
      if (error) throw error;
    });
  }
}

function run({records, bytes}) {
  const begun = process.hrtime.bigint();
  let count = 0;
  let touched = 0;
  forEachUserRecord(records, (user) => {
    touched += user.partitionKey.length + user.data.length;
    count += 1;
  });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (touched === 0) throw new Error('the archive is empty');
  return {seconds, user_records: count, bytes};
}

// Writes every user record in the canonical encoding.
function dump({records}, path) {
  const out = fs.openSync(path, 'w');
  let pending = [];
  let pendingBytes = 0;
  let count = 0;
  const flush = () => {
    const bytes = Buffer.concat(pending);
    for (let at = 0; at < bytes.length;) at += fs.writeSync(out, bytes, at);
    pending = [];
    pendingBytes = 0;
  };
  forEachUserRecord(records, (user) => {
    const key = Buffer.from(user.partitionKey);
    const hashKey = Buffer.from(user.explicitPartitionKey ?? '');
    const data = Buffer.from(user.data, 'base64');
    const lengths = Buffer.alloc(24);
    lengths.writeBigUInt64LE(BigInt(key.length + 1), 0);
    if (user.explicitPartitionKey !== undefined) {
      lengths.writeBigUInt64LE(BigInt(hashKey.length + 1), 8);
    }
    lengths.writeBigUInt64LE(BigInt(data.length + 1), 16);
    pending.push(lengths, key, hashKey, data);
    pendingBytes += lengths.length + key.length + hashKey.length + data.length;
    count += 1;
    if (pendingBytes > 1 << 20) flush();
  });
  flush();
  fs.closeSync(out);
  return {user_records: count};
}

// Synchronous, so that whoever reads has the line before the program ends.
function answer(message) {
  fs.writeSync(1, JSON.stringify(message) + '\n');
}

function main() {
  const archive = load(process.argv[2]);
  const versions = {
    'aws-kinesis-agg': require('aws-kinesis-agg/package.json').version,
    'protobufjs': require('protobufjs/package.json').version,
    'node': process.versions.node,
  };
  answer({ready: true, versions});
  readline.createInterface({input: process.stdin}).on('line', (line) => {
    if (line === 'run') {
      answer(run(archive));
    } else if (line.startsWith('dump ')) {
      answer(dump(archive, line.slice(5)));
    } else {
      throw new Error(`unknown command: ${line}`);
    }
  });
}

process.on('uncaughtException', (error) => {
  answer({error: String(error)});
  process.exit(3);
});
main();
