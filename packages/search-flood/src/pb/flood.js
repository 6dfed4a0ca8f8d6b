// Generated from flood.proto by `npm run generate`; change that file instead.
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime';
export var Frame;
(function (Frame) {
    let _codec;
    Frame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.bye != null) {
                    obj.hits = undefined;
                    obj.query = undefined;
                    obj.pong = undefined;
                    obj.ping = undefined;
                    obj.hello = undefined;
                }
                if (obj.hits != null) {
                    obj.bye = undefined;
                    obj.query = undefined;
                    obj.pong = undefined;
                    obj.ping = undefined;
                    obj.hello = undefined;
                }
                if (obj.query != null) {
                    obj.bye = undefined;
                    obj.hits = undefined;
                    obj.pong = undefined;
                    obj.ping = undefined;
                    obj.hello = undefined;
                }
                if (obj.pong != null) {
                    obj.bye = undefined;
                    obj.hits = undefined;
                    obj.query = undefined;
                    obj.ping = undefined;
                    obj.hello = undefined;
                }
                if (obj.ping != null) {
                    obj.bye = undefined;
                    obj.hits = undefined;
                    obj.query = undefined;
                    obj.pong = undefined;
                    obj.hello = undefined;
                }
                if (obj.hello != null) {
                    obj.bye = undefined;
                    obj.hits = undefined;
                    obj.query = undefined;
                    obj.pong = undefined;
                    obj.ping = undefined;
                }
                if (obj.hello != null) {
                    w.uint32(10);
                    Hello.codec().encode(obj.hello, w);
                }
                if (obj.ping != null) {
                    w.uint32(18);
                    Ping.codec().encode(obj.ping, w);
                }
                if (obj.pong != null) {
                    w.uint32(26);
                    Pong.codec().encode(obj.pong, w);
                }
                if (obj.query != null) {
                    w.uint32(34);
                    Query.codec().encode(obj.query, w);
                }
                if (obj.hits != null) {
                    w.uint32(42);
                    Hits.codec().encode(obj.hits, w);
                }
                if (obj.bye != null) {
                    w.uint32(50);
                    Bye.codec().encode(obj.bye, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hello = Hello.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            obj.ping = Ping.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ping
                            });
                            break;
                        }
                        case 3: {
                            obj.pong = Pong.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.pong
                            });
                            break;
                        }
                        case 4: {
                            obj.query = Query.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.query
                            });
                            break;
                        }
                        case 5: {
                            obj.hits = Hits.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hits
                            });
                            break;
                        }
                        case 6: {
                            obj.bye = Bye.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.bye
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.bye != null) {
                    delete obj.hits;
                    delete obj.query;
                    delete obj.pong;
                    delete obj.ping;
                    delete obj.hello;
                }
                if (obj.hits != null) {
                    delete obj.bye;
                    delete obj.query;
                    delete obj.pong;
                    delete obj.ping;
                    delete obj.hello;
                }
                if (obj.query != null) {
                    delete obj.bye;
                    delete obj.hits;
                    delete obj.pong;
                    delete obj.ping;
                    delete obj.hello;
                }
                if (obj.pong != null) {
                    delete obj.bye;
                    delete obj.hits;
                    delete obj.query;
                    delete obj.ping;
                    delete obj.hello;
                }
                if (obj.ping != null) {
                    delete obj.bye;
                    delete obj.hits;
                    delete obj.query;
                    delete obj.pong;
                    delete obj.hello;
                }
                if (obj.hello != null) {
                    delete obj.bye;
                    delete obj.hits;
                    delete obj.query;
                    delete obj.pong;
                    delete obj.ping;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Hello.codec().stream(reader, reader.uint32(), `${prefix}.hello`, {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            yield* Ping.codec().stream(reader, reader.uint32(), `${prefix}.ping`, {
                                limits: opts.limits?.ping
                            });
                            break;
                        }
                        case 3: {
                            yield* Pong.codec().stream(reader, reader.uint32(), `${prefix}.pong`, {
                                limits: opts.limits?.pong
                            });
                            break;
                        }
                        case 4: {
                            yield* Query.codec().stream(reader, reader.uint32(), `${prefix}.query`, {
                                limits: opts.limits?.query
                            });
                            break;
                        }
                        case 5: {
                            yield* Hits.codec().stream(reader, reader.uint32(), `${prefix}.hits`, {
                                limits: opts.limits?.hits
                            });
                            break;
                        }
                        case 6: {
                            yield* Bye.codec().stream(reader, reader.uint32(), `${prefix}.bye`, {
                                limits: opts.limits?.bye
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Frame.codec());
    }
    Frame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Frame.codec(), opts);
    }
    Frame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Frame.codec(), opts);
    }
    Frame.stream = stream;
})(Frame || (Frame = {}));
export var Hello;
(function (Hello) {
    let _codec;
    Hello.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.degree != null && obj.degree !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.degree);
                }
                if (obj.record != null) {
                    w.uint32(18);
                    w.bytes(obj.record);
                }
                if (obj.others != null && obj.others.length > 0) {
                    for (const value of obj.others) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    degree: 0,
                    others: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.degree = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.record = reader.bytes();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.others != null && obj.others.length === opts.limits.others) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others.length === 10) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            obj.others.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    others: 10
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.degree`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.record`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.others != null && obj.others === opts.limits.others) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others === 10) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            yield {
                                field: `${prefix}.others[]`,
                                index: obj.others,
                                value: reader.bytes()
                            };
                            obj.others++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Hello.codec());
    }
    Hello.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Hello.codec(), opts);
    }
    Hello.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Hello.codec(), opts);
    }
    Hello.stream = stream;
})(Hello || (Hello = {}));
export var Ping;
(function (Ping) {
    let _codec;
    Ping.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.want != null && obj.want !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.want);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    want: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.want = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.want`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Ping.codec());
    }
    Ping.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ping.codec(), opts);
    }
    Ping.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ping.codec(), opts);
    }
    Ping.stream = stream;
})(Ping || (Ping = {}));
export var Pong;
(function (Pong) {
    let _codec;
    Pong.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.others != null && obj.others.length > 0) {
                    for (const value of obj.others) {
                        w.uint32(10);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    others: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.others != null && obj.others.length === opts.limits.others) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others.length === 10) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            obj.others.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    others: 10
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.others != null && obj.others === opts.limits.others) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others === 10) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            yield {
                                field: `${prefix}.others[]`,
                                index: obj.others,
                                value: reader.bytes()
                            };
                            obj.others++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Pong.codec());
    }
    Pong.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Pong.codec(), opts);
    }
    Pong.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Pong.codec(), opts);
    }
    Pong.stream = stream;
})(Pong || (Pong = {}));
export var Query;
(function (Query) {
    let _codec;
    Query.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.ttl != null && obj.ttl !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.ttl);
                }
                if ((obj.hops != null && obj.hops !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.hops);
                }
                if ((obj.text != null && obj.text !== '')) {
                    w.uint32(34);
                    w.string(obj.text);
                }
                if (obj.type != null) {
                    w.uint32(42);
                    w.string(obj.type);
                }
                if (obj.minSize != null) {
                    w.uint32(48);
                    w.uint64Number(obj.minSize);
                }
                if (obj.maxSize != null) {
                    w.uint32(56);
                    w.uint64Number(obj.maxSize);
                }
                if ((obj.max != null && obj.max !== 0)) {
                    w.uint32(64);
                    w.uint32(obj.max);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: new Uint8Array(0),
                    ttl: 0,
                    hops: 0,
                    text: '',
                    max: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.ttl = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.hops = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.text = reader.string();
                            break;
                        }
                        case 5: {
                            obj.type = reader.string();
                            break;
                        }
                        case 6: {
                            obj.minSize = reader.uint64Number();
                            break;
                        }
                        case 7: {
                            obj.maxSize = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            obj.max = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ttl`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hops`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.text`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.type`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.minSize`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.maxSize`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.max`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Query.codec());
    }
    Query.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Query.codec(), opts);
    }
    Query.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Query.codec(), opts);
    }
    Query.stream = stream;
})(Query || (Query = {}));
export var Hits;
(function (Hits) {
    let _codec;
    Hits.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.queryId != null && obj.queryId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.queryId);
                }
                if ((obj.hops != null && obj.hops !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.hops);
                }
                if ((obj.envelope != null && obj.envelope.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.envelope);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    queryId: new Uint8Array(0),
                    hops: 0,
                    envelope: new Uint8Array(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.queryId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.hops = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.envelope = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.queryId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.hops`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.envelope`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Hits.codec());
    }
    Hits.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Hits.codec(), opts);
    }
    Hits.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Hits.codec(), opts);
    }
    Hits.stream = stream;
})(Hits || (Hits = {}));
export var Bye;
(function (Bye) {
    let _codec;
    Bye.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.reason != null && obj.reason !== '')) {
                    w.uint32(10);
                    w.string(obj.reason);
                }
                if (obj.others != null && obj.others.length > 0) {
                    for (const value of obj.others) {
                        w.uint32(18);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    reason: '',
                    others: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.reason = reader.string();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.others != null && obj.others.length === opts.limits.others) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others.length === 10) {
                                throw new MaxLengthError('Decode error - repeated field "others" had too many elements');
                            }
                            obj.others.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    others: 10
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.reason`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.others != null && obj.others === opts.limits.others) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            if (obj.others === 10) {
                                throw new MaxLengthError('Streaming decode error - repeated field "others" had too many elements');
                            }
                            yield {
                                field: `${prefix}.others[]`,
                                index: obj.others,
                                value: reader.bytes()
                            };
                            obj.others++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Bye.codec());
    }
    Bye.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Bye.codec(), opts);
    }
    Bye.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Bye.codec(), opts);
    }
    Bye.stream = stream;
})(Bye || (Bye = {}));
