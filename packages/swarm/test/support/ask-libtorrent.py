"""Says what libtorrent makes of a folder, and of torrents: JSON in, JSON out."""
import json
import os
import sys

import libtorrent as lt

FLAGS = {"1": lt.create_torrent.v1_only, "2": lt.create_torrent.v2_only, "hybrid": 0}


def hashes(info):
    both = info.info_hashes()
    return {
        "v1": str(both.v1) if both.has_v1() else None,
        "v2": str(both.v2) if both.has_v2() else None,
    }


def create(path, version, piece_length):
    storage = lt.file_storage()
    lt.add_files(storage, path)
    made = lt.create_torrent(storage, piece_length, FLAGS[version])
    lt.set_piece_hashes(made, os.path.dirname(path))
    return hashes(lt.torrent_info(lt.bencode(made.generate())))


def read(torrent):
    try:
        return hashes(lt.torrent_info(lt.bdecode(bytes.fromhex(torrent))))
    except RuntimeError as error:
        return {"error": str(error)}


asked = json.load(sys.stdin)
answer = {
    "created": [create(**each) for each in asked.get("create", [])],
    "read": [read(each) for each in asked.get("read", [])],
}
json.dump(answer, sys.stdout)
