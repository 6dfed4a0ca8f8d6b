"""A libtorrent peer on loopback that talks to nobody but the peers it is told of.

Lines in: `connect <port>`. Lines out: `listening <port>`, `done`, `error <why>`. Ends with its input.
"""
import sys
import threading

import libtorrent as lt

source, folder = sys.argv[1:3]

session = lt.session({
    'listen_interfaces': '127.0.0.1:0',
    'enable_dht': False,
    'enable_lsd': False,
    'enable_upnp': False,
    'enable_natpmp': False,
    'enable_incoming_utp': False,
    'enable_outgoing_utp': False,
    # a gateway reads plain handshakes, and everybody behind it has its address
    'in_enc_policy': int(lt.enc_policy.disabled),
    'out_enc_policy': int(lt.enc_policy.disabled),
    'allow_multiple_connections_per_ip': True,
    'alert_mask': lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
})

if source.startswith('magnet:'):
    params = lt.parse_magnet_uri(source)
else:
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(source)
params.trackers = []
params.save_path = folder
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
params.flags |= lt.torrent_flags.disable_dht | lt.torrent_flags.disable_lsd
params.flags |= lt.torrent_flags.disable_pex
torrent = session.add_torrent(params)


def obey():
    for line in sys.stdin:
        torrent.connect_peer(('127.0.0.1', int(line.split()[1])))


def say(line):
    print(line, flush=True)


# a seed checks its files first, and a listener opens a little later
said = set()
listening = threading.Thread(target=obey, daemon=True)
listening.start()
while listening.is_alive():
    session.wait_for_alert(50)
    for alert in session.pop_alerts():
        if 'error' in type(alert).__name__:
            say('error ' + alert.message())
    port = session.listen_port()
    status = torrent.status()
    if port and 'listening' not in said and 'checking' not in str(status.state):
        said.add('listening')
        say('listening %d' % port)
    if status.is_seeding and 'done' not in said:
        said.add('done')
        say('done')
