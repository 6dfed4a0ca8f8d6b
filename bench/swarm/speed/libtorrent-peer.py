"""One libtorrent peer of the speed benchmark: loopback only, and nobody but the peers it is told of."""
import sys
import libtorrent as lt

role, torrent, folder, encryption = sys.argv[1:5]
settings = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
}
policy = lt.enc_policy.forced if encryption == "rc4" else lt.enc_policy.disabled
settings.update(in_enc_policy=int(policy), out_enc_policy=int(policy))
if encryption == "rc4":
    settings.update(allowed_enc_level=int(lt.enc_level.rc4), prefer_rc4=True)
session = lt.session(settings)

params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.flags &= ~lt.torrent_flags.auto_managed
params.flags &= ~lt.torrent_flags.paused
transfer = session.add_torrent(params)
wanted = "seeding" if role == "seed" else "downloading"
while str(transfer.status().state) != wanted or session.listen_port() == 0:
    session.wait_for_alert(20)
    session.pop_alerts()
print("READY 127.0.0.1:%d" % session.listen_port(), flush=True)

for line in sys.stdin:
    word, *peers = line.split()
    if word == "QUIT":
        break
    if role == "seed":
        continue
    for peer in peers:
        host, port = peer.rsplit(":", 1)
        transfer.connect_peer((host, int(port)))
    finished = False
    while not finished:
        session.wait_for_alert(1000)
        finished = any(isinstance(a, lt.torrent_finished_alert) for a in session.pop_alerts())
    print("DONE", flush=True)
