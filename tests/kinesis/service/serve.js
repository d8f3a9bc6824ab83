// A Kinesis of this machine alone, in memory. Prints its port, which the system
// chooses, and ends when its standard input does: so it outlives no test.
'use strict';
const kinesalite = require('kinesalite');

const server = kinesalite({createStreamMs: 0, updateStreamMs: 0, shardLimit: 100});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
