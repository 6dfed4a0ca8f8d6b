// Generated from hit.proto by `npm run generate`; change that file instead.
import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface HitRecord {
    queryId: Uint8Array;
    responder: Uint8Array;
    items: HitItem[];
    addresses: Uint8Array[];
    time: number;
}
export declare namespace HitRecord {
    const codec: () => Codec<HitRecord>;
    interface HitRecordQueryIdFieldEvent {
        field: '$.queryId';
        value: Uint8Array;
    }
    interface HitRecordResponderFieldEvent {
        field: '$.responder';
        value: Uint8Array;
    }
    interface HitRecordItemsIdFieldEvent {
        field: '$.items[].id';
        value: string;
        index: number;
    }
    interface HitRecordItemsNameFieldEvent {
        field: '$.items[].name';
        value: string;
        index: number;
    }
    interface HitRecordItemsSizeFieldEvent {
        field: '$.items[].size';
        value: number;
        index: number;
    }
    interface HitRecordItemsTypeFieldEvent {
        field: '$.items[].type';
        value: string;
        index: number;
    }
    interface HitRecordItemsAttributesFieldEvent {
        field: '$.items[].attributes{}';
        key: string;
        value: string;
        index: number;
    }
    interface HitRecordAddressesFieldEvent {
        field: '$.addresses[]';
        index: number;
        value: Uint8Array;
    }
    interface HitRecordTimeFieldEvent {
        field: '$.time';
        value: number;
    }
    function encode(obj: Partial<HitRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitRecord>): HitRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitRecord>): Generator<HitRecordQueryIdFieldEvent | HitRecordResponderFieldEvent | HitRecordItemsIdFieldEvent | HitRecordItemsNameFieldEvent | HitRecordItemsSizeFieldEvent | HitRecordItemsTypeFieldEvent | HitRecordItemsAttributesFieldEvent | HitRecordAddressesFieldEvent | HitRecordTimeFieldEvent>;
}
export interface HitItem {
    id: string;
    name: string;
    size: number;
    type: string;
    attributes: Map<string, string>;
}
export declare namespace HitItem {
    interface HitItem$attributesEntry {
        key: string;
        value: string;
    }
    namespace HitItem$attributesEntry {
        const codec: () => Codec<HitItem$attributesEntry>;
        interface HitItem$attributesEntryKeyFieldEvent {
            field: '$.key';
            value: string;
        }
        interface HitItem$attributesEntryValueFieldEvent {
            field: '$.value';
            value: string;
        }
        function encode(obj: Partial<HitItem$attributesEntry>): Uint8Array;
        function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitItem$attributesEntry>): HitItem$attributesEntry;
        function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitItem$attributesEntry>): Generator<HitItem$attributesEntryKeyFieldEvent | HitItem$attributesEntryValueFieldEvent>;
    }
    const codec: () => Codec<HitItem>;
    interface HitItemIdFieldEvent {
        field: '$.id';
        value: string;
    }
    interface HitItemNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface HitItemSizeFieldEvent {
        field: '$.size';
        value: number;
    }
    interface HitItemTypeFieldEvent {
        field: '$.type';
        value: string;
    }
    interface HitItemAttributesFieldEvent {
        field: '$.attributes{}';
        key: string;
        value: string;
    }
    function encode(obj: Partial<HitItem>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitItem>): HitItem;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HitItem>): Generator<HitItemIdFieldEvent | HitItemNameFieldEvent | HitItemSizeFieldEvent | HitItemTypeFieldEvent | HitItemAttributesFieldEvent>;
}
