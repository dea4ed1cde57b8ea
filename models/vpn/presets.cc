// VPNs by protocol and product. Sizes are of IPv4 outside; what a client or gateway does by itself
// when it is not configured.
//
// Keep-alives, as outer IP packets over UDP (20 + 8 and):
//   IPsec NAT-T    1: a byte of 0xff, not encrypted (RFC 3948 section 2.3), of who is behind a NAT
//   WireGuard     32: a data message with nothing in it, header 16 and tag 16; off by itself
//   OpenVPN       40: 16 bytes that stand for a ping (ping.c) in 24 of AES-GCM; 16 padded with the
//                     packet id to 32 in 40 of AES-CBC: 72. Over TCP 16 + 26. Of both ends
//   AnyConnect    38: a packet of type KEEPALIVE with nothing in it; over TLS 37
//   SSTP          an Echo Request of 8 in TLS of 29, of both ends (MS-SSTP: hello timer, 60 s)
#include "models/vpn/keys.h"

namespace callflow::vpn {

const std::vector<config::Preset>& vpnPresets() {
  static const std::vector<config::Preset> kAll = {
      {.name = "wireguard",
       .help = "WireGuard: an mtu that leaves room for IPv6 outside, DSCP 0 outside.",
       .values = "{over: udp, port: 51820, overhead: 60 B, trailer: 0 B, block: 16 B, mtu: 1420 B, "
                 "copy-dscp: false, processing: 30 us, keepalive-size: 60 B}",
       .source = "wireguard messages.h: header 16, tag 16; wg-quick: route MTU less 80; wg(8): "
                 "PersistentKeepalive is off, 25 s is usual behind a NAT",
       .aliases = {"wg"}},
      {.name = "ipsec-gcm",
       .help = "IPsec in UDP (NAT-T), AES-GCM: IKEv2 of Windows, strongSwan and phones.",
       .values = "{over: udp, port: 4500, overhead: 60 B, trailer: 2 B, block: 4 B, mtu: 1400 B, "
                 "copy-dscp: true, keepalive: 20 s}",
       .source = "RFC 4303, 4106, 3948; Windows TunnelMTU, strongSwan's 1400",
       .aliases = {"ikev2"}},
      {.name = "ipsec-cbc",
       .help = "IPsec in UDP (NAT-T), AES-CBC with SHA-1, as GlobalProtect's too (port 4501).",
       .values = "{over: udp, port: 4500, overhead: 64 B, trailer: 2 B, block: 16 B, mtu: 1400 B, "
                 "copy-dscp: true, keepalive: 20 s}",
       .source = "RFC 4303, 3602, 2404, 3948"},
      {.name = "l2tp-ipsec",
       .help = "L2TP in IPsec (NAT-T), AES-CBC with SHA-1.",
       .values = "{over: udp, port: 4500, overhead: 64 B, trailer: 20 B, block: 16 B, mtu: 1400 B, "
                 "copy-dscp: false, keepalive: 20 s}",
       .source = "RFC 2661, 3193: UDP 8, L2TP 6, PPP 4 inside ESP's transport mode"},
      {.name = "openvpn-udp",
       .help = "OpenVPN over UDP, AES-GCM: full packets are cut outside.",
       .values = "{over: udp, port: 1194, overhead: 52 B, trailer: 0 B, block: 1 B, mtu: 1500 B, "
                 "largest-segment: 1400 B, copy-dscp: false, processing: 100 us, keepalive: "
                 "10 s, keepalive-size: 68 B, keepalive-from: both}",
       .source = "OpenVPN: opcode and peer-id 4, packet id 4, tag 16; tun-mtu 1500, mssfix 1492",
       .aliases = {"openvpn"}},
      {.name = "openvpn-udp-cbc",
       .help = "OpenVPN over UDP, AES-CBC with SHA-1.",
       .values = "{over: udp, port: 1194, overhead: 68 B, trailer: 5 B, block: 16 B, mtu: 1500 B, "
                 "largest-segment: 1371 B, copy-dscp: false, processing: 100 us, keepalive: "
                 "10 s, keepalive-size: 100 B, keepalive-from: both}",
       .source = "OpenVPN: opcode and peer-id 4, HMAC 20, IV 16, packet id 4 and padding inside"},
      {.name = "openvpn-tcp",
       .help = "OpenVPN over TCP, AES-GCM, as it is before 2.7.6: without TCP_NODELAY.",
       .values = "{over: tcp, port: 443, overhead: 26 B, trailer: 0 B, block: 1 B, mtu: 1500 B, "
                 "largest-segment: 1400 B, copy-dscp: false, processing: 100 us, tcp: {no-delay: "
                 "false}, keepalive: 10 s, keepalive-size: 42 B, keepalive-from: both}",
       .source = "OpenVPN: length 2, opcode and peer-id 4, packet id 4, tag 16; socket_util.h"},
      {.name = "openvpn-tcp-nodelay",
       .help = "OpenVPN over TCP with TCP_NODELAY: from 2.7.6 on, or socket-flags TCP_NODELAY.",
       .values = "{over: tcp, port: 443, overhead: 26 B, trailer: 0 B, block: 1 B, mtu: 1500 B, "
                 "largest-segment: 1400 B, copy-dscp: false, processing: 100 us, keepalive: "
                 "10 s, keepalive-size: 42 B, keepalive-from: both}",
       .source = "OpenVPN 2.7.6"},
      {.name = "anyconnect-dtls",
       .help = "Cisco AnyConnect or ocserv over DTLS, AES-GCM.",
       .values = "{over: udp, port: 443, overhead: 66 B, trailer: 0 B, block: 1 B, mtu: 1406 B, "
                 "copy-dscp: false, processing: 100 us, keepalive: 20 s, keepalive-size: 66 B}",
       .source = "openconnect: type 1; DTLS record 13, nonce 8, tag 16; base mtu 1406"},
      {.name = "anyconnect-tls",
       .help = "Cisco AnyConnect or ocserv over TLS 1.2: where UDP 443 is shut.",
       .values = "{over: tcp, port: 443, overhead: 37 B, trailer: 0 B, block: 1 B, mtu: 1406 B, "
                 "copy-dscp: false, processing: 100 us, queue: 15 kB, keepalive: "
                 "20 s, keepalive-size: 37 B}",
       .source = "openconnect cstp.c: header 8, queue of 10 packets; TLS record 29 (RFC 5288)"},
      {.name = "globalprotect-ssl",
       .help = "GlobalProtect over TLS: where UDP 4501 is shut.",
       .values = "{over: tcp, port: 443, overhead: 45 B, trailer: 0 B, block: 1 B, mtu: 1400 B, "
                 "copy-dscp: false, processing: 100 us, queue: 15 kB}",
       .source = "openconnect gpst.c: header 16, queue of 10 packets; TLS record 29"},
      {.name = "sstp",
       .help = "Windows' SSTP, over TLS.",
       .values = "{over: tcp, port: 443, overhead: 37 B, trailer: 0 B, block: 1 B, mtu: 1400 B, "
                 "copy-dscp: false, processing: 100 us, keepalive: 60 s, keepalive-size: 37 B, "
                 "keepalive-from: both}",
       .source = "MS-SSTP: header 4, PPP 4; TLS record 29; Windows TunnelMTU"},
      {.name = "anyconnect",
       .help = "Cisco AnyConnect or ocserv: anyconnect-dtls, and anyconnect-tls where UDP is shut.",
       .values = "{over: udp, port: 443, overhead: 66 B, trailer: 0 B, block: 1 B, mtu: 1406 B, "
                 "copy-dscp: false, processing: 100 us, queue: 15 kB, keepalive: 20 s, "
                 "keepalive-size: 66 B, fallback: {port: 443, overhead: 37 B}}",
       .source = "openconnect: DTLS beside the TLS that it begins with"},
      {.name = "globalprotect",
       .help = "GlobalProtect: ipsec-cbc at port 4501, and globalprotect-ssl where UDP is shut.",
       .values = "{over: udp, port: 4501, overhead: 64 B, trailer: 2 B, block: 16 B, mtu: 1400 B, "
                 "copy-dscp: true, queue: 15 kB, fallback: {port: 443, overhead: 45 B}}",
       .source = "openconnect gpst.c; its keep-alives are not known"},
      {.name = "openvpn-udp-or-tcp",
       .help = "OpenVPN with two remotes: openvpn-udp, and openvpn-tcp where UDP is shut.",
       .values = "{over: udp, port: 1194, overhead: 52 B, trailer: 0 B, block: 1 B, mtu: 1500 B, "
                 "largest-segment: 1400 B, copy-dscp: false, processing: 100 us, keepalive: "
                 "10 s, keepalive-size: 68 B, keepalive-from: both, tcp: {no-delay: false}, "
                 "fallback: {port: 443, overhead: 26 B}}",
       .source = "OpenVPN: remote, tried one after the other"},
      {.name = "ikev2-or-sstp",
       .help = "Windows' automatic VPN: ipsec-gcm, and sstp where UDP is shut.",
       .values = "{over: udp, port: 4500, overhead: 60 B, trailer: 2 B, block: 4 B, mtu: 1400 B, "
                 "copy-dscp: true, keepalive: 20 s, fallback: {port: 443, overhead: 37 B}}",
       .source = "Windows: IKEv2, then SSTP, for user tunnels"},
  };
  return kAll;
}

}  // namespace callflow::vpn
