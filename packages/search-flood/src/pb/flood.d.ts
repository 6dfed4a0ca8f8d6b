// Generated from flood.proto by `npm run generate`; change that file instead.
import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface Frame {
    hello?: Hello;
    ping?: Ping;
    pong?: Pong;
    query?: Query;
    hits?: Hits;
    bye?: Bye;
}
export declare namespace Frame {
    const codec: () => Codec<Frame>;
    interface FrameHelloDegreeFieldEvent {
        field: '$.hello.degree';
        value: number;
    }
    interface FrameHelloRecordFieldEvent {
        field: '$.hello.record';
        value: Uint8Array;
    }
    interface FrameHelloOthersFieldEvent {
        field: '$.hello.others[]';
        index: number;
        value: Uint8Array;
    }
    interface FramePingWantFieldEvent {
        field: '$.ping.want';
        value: number;
    }
    interface FramePongOthersFieldEvent {
        field: '$.pong.others[]';
        index: number;
        value: Uint8Array;
    }
    interface FrameQueryIdFieldEvent {
        field: '$.query.id';
        value: Uint8Array;
    }
    interface FrameQueryTtlFieldEvent {
        field: '$.query.ttl';
        value: number;
    }
    interface FrameQueryHopsFieldEvent {
        field: '$.query.hops';
        value: number;
    }
    interface FrameQueryTextFieldEvent {
        field: '$.query.text';
        value: string;
    }
    interface FrameQueryTypeFieldEvent {
        field: '$.query.type';
        value: string;
    }
    interface FrameQueryMinSizeFieldEvent {
        field: '$.query.minSize';
        value: number;
    }
    interface FrameQueryMaxSizeFieldEvent {
        field: '$.query.maxSize';
        value: number;
    }
    interface FrameQueryMaxFieldEvent {
        field: '$.query.max';
        value: number;
    }
    interface FrameHitsQueryIdFieldEvent {
        field: '$.hits.queryId';
        value: Uint8Array;
    }
    interface FrameHitsHopsFieldEvent {
        field: '$.hits.hops';
        value: number;
    }
    interface FrameHitsEnvelopeFieldEvent {
        field: '$.hits.envelope';
        value: Uint8Array;
    }
    interface FrameByeReasonFieldEvent {
        field: '$.bye.reason';
        value: string;
    }
    interface FrameByeOthersFieldEvent {
        field: '$.bye.others[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Frame>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Frame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Generator<FrameHelloDegreeFieldEvent | FrameHelloRecordFieldEvent | FrameHelloOthersFieldEvent | FramePingWantFieldEvent | FramePongOthersFieldEvent | FrameQueryIdFieldEvent | FrameQueryTtlFieldEvent | FrameQueryHopsFieldEvent | FrameQueryTextFieldEvent | FrameQueryTypeFieldEvent | FrameQueryMinSizeFieldEvent | FrameQueryMaxSizeFieldEvent | FrameQueryMaxFieldEvent | FrameHitsQueryIdFieldEvent | FrameHitsHopsFieldEvent | FrameHitsEnvelopeFieldEvent | FrameByeReasonFieldEvent | FrameByeOthersFieldEvent>;
}
export interface Hello {
    degree: number;
    record?: Uint8Array;
    others: Uint8Array[];
}
export declare namespace Hello {
    const codec: () => Codec<Hello>;
    interface HelloDegreeFieldEvent {
        field: '$.degree';
        value: number;
    }
    interface HelloRecordFieldEvent {
        field: '$.record';
        value: Uint8Array;
    }
    interface HelloOthersFieldEvent {
        field: '$.others[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Hello>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Generator<HelloDegreeFieldEvent | HelloRecordFieldEvent | HelloOthersFieldEvent>;
}
export interface Ping {
    want: number;
}
export declare namespace Ping {
    const codec: () => Codec<Ping>;
    interface PingWantFieldEvent {
        field: '$.want';
        value: number;
    }
    function encode(obj: Partial<Ping>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Ping;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Generator<PingWantFieldEvent>;
}
export interface Pong {
    others: Uint8Array[];
}
export declare namespace Pong {
    const codec: () => Codec<Pong>;
    interface PongOthersFieldEvent {
        field: '$.others[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Pong>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pong>): Pong;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pong>): Generator<PongOthersFieldEvent>;
}
export interface Query {
    id: Uint8Array;
    ttl: number;
    hops: number;
    text: string;
    type?: string;
    minSize?: number;
    maxSize?: number;
    max: number;
}
export declare namespace Query {
    const codec: () => Codec<Query>;
    interface QueryIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface QueryTtlFieldEvent {
        field: '$.ttl';
        value: number;
    }
    interface QueryHopsFieldEvent {
        field: '$.hops';
        value: number;
    }
    interface QueryTextFieldEvent {
        field: '$.text';
        value: string;
    }
    interface QueryTypeFieldEvent {
        field: '$.type';
        value: string;
    }
    interface QueryMinSizeFieldEvent {
        field: '$.minSize';
        value: number;
    }
    interface QueryMaxSizeFieldEvent {
        field: '$.maxSize';
        value: number;
    }
    interface QueryMaxFieldEvent {
        field: '$.max';
        value: number;
    }
    function encode(obj: Partial<Query>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Query>): Query;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Query>): Generator<QueryIdFieldEvent | QueryTtlFieldEvent | QueryHopsFieldEvent | QueryTextFieldEvent | QueryTypeFieldEvent | QueryMinSizeFieldEvent | QueryMaxSizeFieldEvent | QueryMaxFieldEvent>;
}
export interface Hits {
    queryId: Uint8Array;
    hops: number;
    envelope: Uint8Array;
}
export declare namespace Hits {
    const codec: () => Codec<Hits>;
    interface HitsQueryIdFieldEvent {
        field: '$.queryId';
        value: Uint8Array;
    }
    interface HitsHopsFieldEvent {
        field: '$.hops';
        value: number;
    }
    interface HitsEnvelopeFieldEvent {
        field: '$.envelope';
        value: Uint8Array;
    }
    function encode(obj: Partial<Hits>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hits>): Hits;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hits>): Generator<HitsQueryIdFieldEvent | HitsHopsFieldEvent | HitsEnvelopeFieldEvent>;
}
export interface Bye {
    reason: string;
    others: Uint8Array[];
}
export declare namespace Bye {
    const codec: () => Codec<Bye>;
    interface ByeReasonFieldEvent {
        field: '$.reason';
        value: string;
    }
    interface ByeOthersFieldEvent {
        field: '$.others[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Bye>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bye>): Bye;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Bye>): Generator<ByeReasonFieldEvent | ByeOthersFieldEvent>;
}
