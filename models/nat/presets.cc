// NATs by product, with default settings. Time-outs are of the sources named; mapping, filtering
// and ports are, where a source does not say so, what the product is commonly known to do.
#include "models/nat/keys.h"

namespace callflow::nat {

const std::vector<config::Preset>& natPresets() {
  static const std::vector<config::Preset> kAll = {
      {.name = "linux-masquerade",
       .help = "Linux netfilter: ports kept and shared while remote endpoints differ.",
       .values = "{on-collision: overload, parity: false, udp-timeout: 120 s, "
                 "udp-unreplied-timeout: 30 s, tcp-timeout: 120 h, refresh: both}",
       .source = "Linux nf_conntrack sysctls (udp 30, udp_stream 120, tcp_established 432000 s) "
                 "and nf_nat_core.c; its probes below port 1024 are left out",
       .aliases = {"linux"}},
      {.name = "pf",
       .help = "OpenBSD and FreeBSD pf, OPNsense, pfSense: a new random port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, port-range: "
                 "50001-65535, udp-timeout: 60 s, udp-unreplied-timeout: 30 s, tcp-timeout: 24 h, "
                 "refresh: both}",
       .source = "pf.conf(5): udp.single 30, udp.multiple 60, tcp.established 86400 s; proxy ports "
                 "50001 to 65535",
       .aliases = {"opnsense", "pfsense"}},
      {.name = "pf-static-port",
       .help = "pf with static-port: the inside port is kept.",
       .values =
           "{on-collision: overload, parity: false, udp-timeout: 60 s, udp-unreplied-timeout: "
           "30 s, tcp-timeout: 24 h, refresh: both}",
       .source = "pf.conf(5)"},
      {.name = "cisco-asa",
       .help = "Cisco ASA and FTD: one port for each inside endpoint, kept if free.",
       .values = "{parity: false, udp-timeout: 120 s, tcp-timeout: 1 h, refresh: both}",
       .source = "ASA configuration guide: timeout udp 0:02:00, conn 1:00:00",
       .aliases = {"cisco-ftd"}},
      {.name = "cisco-ios",
       .help = "Cisco IOS NAT overload.",
       .values = "{parity: false, udp-timeout: 300 s, tcp-timeout: 24 h, refresh: both}",
       .source = "IOS ip nat translation: udp-timeout 300, tcp-timeout 86400 s"},
      {.name = "juniper-srx",
       .help = "Juniper SRX source NAT: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "60 s, tcp-timeout: 30 min, refresh: both}",
       .source = "Junos: application time-outs UDP 60, TCP 1800 s"},
      {.name = "palo-alto",
       .help = "Palo Alto PAN-OS, dynamic IP and port: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "30 s, tcp-timeout: 1 h, refresh: both}",
       .source = "PAN-OS session time-outs as commonly quoted: UDP 30, TCP 3600 s"},
      {.name = "fortigate",
       .help = "FortiGate without fixed ports: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "180 s, tcp-timeout: 1 h, refresh: both}",
       .source = "FortiOS: udp-idle-timer 180, session-ttl 3600 s; refresh both"},
      {.name = "check-point",
       .help = "Check Point hide NAT: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: sequential, parity: false, "
                 "port-range: 10000-60000, udp-timeout: 40 s, tcp-timeout: 1 h, refresh: both}",
       .source = "Check Point global properties as commonly quoted: UDP 40, TCP 3600 s"},
      {.name = "sonicwall",
       .help = "SonicWall without consistent NAT: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "30 s, tcp-timeout: 15 min, refresh: both}",
       .source = "SonicOS: default UDP time-out 30 s; TCP 15 min as commonly quoted"},
      {.name = "mikrotik",
       .help = "MikroTik RouterOS masquerade: as Linux, with other time-outs.",
       .values = "{on-collision: overload, parity: false, udp-timeout: 180 s, "
                 "udp-unreplied-timeout: 10 s, tcp-timeout: 24 h, refresh: both}",
       .source = "RouterOS connection tracking: udp-timeout 10, udp-stream-timeout 180, "
                 "tcp-established-timeout 86400 s"},
      {.name = "huawei-usg",
       .help = "Huawei USG.",
       .values = "{parity: false, udp-timeout: 120 s, tcp-timeout: 20 min, refresh: both}",
       .source = "USG session aging times: UDP 120, TCP 1200 s"},
      {.name = "windows-netnat",
       .help = "Windows NetNat and Hyper-V.",
       .values = "{filtering: address-dependent, udp-timeout: 120 s, tcp-timeout: 30 min}",
       .source =
           "New-NetNat: UdpIdleSessionTimeout 120, TcpEstablishedConnectionTimeout 1800 s, no "
           "inbound refresh, address-dependent filtering",
       .aliases = {"hyper-v"}},
      {.name = "fritzbox",
       .help = "AVM Fritz!Box, a home router: hairpins.",
       .values = "{udp-timeout: 300 s, tcp-timeout: 15 min, hairpin: true}",
       .source = "as commonly quoted: UDP 300, TCP 900 s"},
      {.name = "ubiquiti",
       .help = "Ubiquiti EdgeOS and UniFi: as Linux, and hairpins.",
       .values = "{on-collision: overload, parity: false, udp-timeout: 180 s, "
                 "udp-unreplied-timeout: 30 s, tcp-timeout: 7440 s, refresh: both, hairpin: true}",
       .source = "EdgeOS conntrack time-outs: udp other 30, stream 180, tcp established 7440 s"},
      {.name = "azure-nat-gateway",
       .help = "Azure NAT Gateway: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "240 s, tcp-timeout: 240 s, refresh: both}",
       .source = "Azure NAT Gateway resource: idle time-out 4 min, fixed for UDP"},
      {.name = "aws-nat-gateway",
       .help = "AWS NAT gateway: a port for each flow.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, udp-timeout: "
                 "350 s, tcp-timeout: 350 s, refresh: both}",
       .source = "AWS VPC user guide: idle time-out 350 s"},
      {.name = "gcp-cloud-nat",
       .help = "Google Cloud NAT: a port for each flow, 64 ports for each machine.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, "
                 "ports-per-host: 64, udp-timeout: 30 s, tcp-timeout: 20 min, refresh: both}",
       .source = "Cloud NAT: UDP idle 30, TCP established 1200 s, 64 ports for each VM"},
      {.name = "mobile-cgn",
       .help = "A mobile carrier's NAT that is symmetric.",
       .values = "{mapping: address-and-port-dependent, ports: random, parity: false, "
                 "ports-per-host: 1024, udp-timeout: 65 s, tcp-timeout: 30 min}",
       .source = "Richter et al., IMC 2016 (median UDP time-out of cellular NATs 65 s); blocks of "
                 "64 to 1024 ports"},
      {.name = "fixed-cgn",
       .help = "A fixed-line carrier's NAT as RFC 6888 has it, but for its time-outs.",
       .values = "{filtering: endpoint-independent, ports: random, parity: false, ports-per-host: "
                 "1024, hairpin: true, udp-timeout: 35 s, tcp-timeout: 7440 s}",
       .source = "RFC 6888 REQ-2, REQ-4, REQ-7; Richter et al., IMC 2016 (median UDP time-out of "
                 "fixed CGNs 35 s)"},
      {.name = "rfc4787",
       .help = "What RFC 4787 asks for and recommends: transparent to applications.",
       .values = "{filtering: endpoint-independent, hairpin: true, udp-timeout: 300 s, "
                 "tcp-timeout: 7440 s}",
       .source = "RFC 4787 REQ-1, 3, 4, 5, 8, 9; RFC 5382 REQ-5"}};
  return kAll;
}

}  // namespace callflow::nat
