// Generated from hit.proto by `npm run generate`; change that file instead.
import { decodeMessage, encodeMessage, MaxLengthError, MaxSizeError, message, streamMessage } from 'protons-runtime';
export var HitRecord;
(function (HitRecord) {
    let _codec;
    HitRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.queryId != null && obj.queryId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.queryId);
                }
                if ((obj.responder != null && obj.responder.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.responder);
                }
                if (obj.items != null && obj.items.length > 0) {
                    for (const value of obj.items) {
                        w.uint32(26);
                        HitItem.codec().encode(value, w);
                    }
                }
                if (obj.addresses != null && obj.addresses.length > 0) {
                    for (const value of obj.addresses) {
                        w.uint32(34);
                        w.bytes(value);
                    }
                }
                if ((obj.time != null && obj.time !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.time);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    queryId: new Uint8Array(0),
                    responder: new Uint8Array(0),
                    items: [],
                    addresses: [],
                    time: 0
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
                            obj.responder = reader.bytes();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.items != null && obj.items.length === opts.limits.items) {
                                throw new MaxLengthError('Decode error - repeated field "items" had too many elements');
                            }
                            if (obj.items.length === 50) {
                                throw new MaxLengthError('Decode error - repeated field "items" had too many elements');
                            }
                            obj.items.push(HitItem.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.items$
                            }));
                            break;
                        }
                        case 4: {
                            if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements');
                            }
                            if (obj.addresses.length === 8) {
                                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements');
                            }
                            obj.addresses.push(reader.bytes());
                            break;
                        }
                        case 5: {
                            obj.time = reader.uint64Number();
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
                    items: 50,
                    addresses: 8
                };
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
                                field: `${prefix}.responder`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.items != null && obj.items === opts.limits.items) {
                                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements');
                            }
                            if (obj.items === 50) {
                                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements');
                            }
                            for (const evt of HitItem.codec().stream(reader, reader.uint32(), `${prefix}.items[]`, {
                                limits: opts.limits?.items$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.items
                                };
                            }
                            obj.items++;
                            break;
                        }
                        case 4: {
                            if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements');
                            }
                            if (obj.addresses === 8) {
                                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements');
                            }
                            yield {
                                field: `${prefix}.addresses[]`,
                                index: obj.addresses,
                                value: reader.bytes()
                            };
                            obj.addresses++;
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.time`,
                                value: reader.uint64Number()
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
        return encodeMessage(obj, HitRecord.codec());
    }
    HitRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HitRecord.codec(), opts);
    }
    HitRecord.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, HitRecord.codec(), opts);
    }
    HitRecord.stream = stream;
})(HitRecord || (HitRecord = {}));
export var HitItem;
(function (HitItem) {
    let HitItem$attributesEntry;
    (function (HitItem$attributesEntry) {
        let _codec;
        HitItem$attributesEntry.codec = () => {
            if (_codec == null) {
                _codec = message((obj, w, opts = {}) => {
                    if (opts.lengthDelimited !== false) {
                        w.fork();
                    }
                    if ((obj.key != null && obj.key !== '')) {
                        w.uint32(10);
                        w.string(obj.key);
                    }
                    if ((obj.value != null && obj.value !== '')) {
                        w.uint32(18);
                        w.string(obj.value);
                    }
                    if (opts.lengthDelimited !== false) {
                        w.ldelim();
                    }
                }, (reader, length, opts = {}) => {
                    const obj = {
                        key: '',
                        value: ''
                    };
                    const end = length == null ? reader.len : reader.pos + length;
                    while (reader.pos < end) {
                        const tag = reader.uint32();
                        switch (tag >>> 3) {
                            case 1: {
                                obj.key = reader.string();
                                break;
                            }
                            case 2: {
                                obj.value = reader.string();
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
                                    field: `${prefix}.key`,
                                    value: reader.string()
                                };
                                break;
                            }
                            case 2: {
                                yield {
                                    field: `${prefix}.value`,
                                    value: reader.string()
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
            return encodeMessage(obj, HitItem$attributesEntry.codec());
        }
        HitItem$attributesEntry.encode = encode;
        function decode(buf, opts) {
            return decodeMessage(buf, HitItem$attributesEntry.codec(), opts);
        }
        HitItem$attributesEntry.decode = decode;
        function stream(buf, opts) {
            return streamMessage(buf, HitItem$attributesEntry.codec(), opts);
        }
        HitItem$attributesEntry.stream = stream;
    })(HitItem$attributesEntry = HitItem.HitItem$attributesEntry || (HitItem.HitItem$attributesEntry = {}));
    let _codec;
    HitItem.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== '')) {
                    w.uint32(10);
                    w.string(obj.id);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(18);
                    w.string(obj.name);
                }
                if ((obj.size != null && obj.size !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.size);
                }
                if ((obj.type != null && obj.type !== '')) {
                    w.uint32(34);
                    w.string(obj.type);
                }
                if (obj.attributes != null && obj.attributes.size > 0) {
                    for (const [key, value] of obj.attributes.entries()) {
                        w.uint32(42);
                        HitItem.HitItem$attributesEntry.codec().encode({ key, value }, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: '',
                    name: '',
                    size: 0,
                    type: '',
                    attributes: new Map()
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.string();
                            break;
                        }
                        case 2: {
                            obj.name = reader.string();
                            break;
                        }
                        case 3: {
                            obj.size = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.type = reader.string();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.attributes != null && obj.attributes.size === opts.limits.attributes) {
                                throw new MaxSizeError('Decode error - map field "attributes" had too many elements');
                            }
                            if (obj.attributes.size === 16) {
                                throw new MaxSizeError('Decode error - map field "attributes" had too many elements');
                            }
                            const entry = HitItem.HitItem$attributesEntry.codec().decode(reader, reader.uint32(), {
                                limits: {
                                    value: opts.limits?.attributes$value
                                }
                            });
                            obj.attributes.set(entry.key, entry.value);
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
                    attributes: 16
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.size`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.type`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.attributes != null && obj.attributes === opts.limits.attributes) {
                                throw new MaxLengthError('Decode error - map field "attributes" had too many elements');
                            }
                            if (obj.attributes === 16) {
                                throw new MaxLengthError('Decode error - repeated field "attributes" had too many elements');
                            }
                            yield* HitItem.HitItem$attributesEntry.codec().stream(reader, reader.uint32(), `${prefix}.attributes{}`, {
                                limits: {
                                    value: opts.limits?.attributes$value
                                }
                            });
                            obj.attributes++;
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
        return encodeMessage(obj, HitItem.codec());
    }
    HitItem.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HitItem.codec(), opts);
    }
    HitItem.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, HitItem.codec(), opts);
    }
    HitItem.stream = stream;
})(HitItem || (HitItem = {}));
