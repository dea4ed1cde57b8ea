#include "tests/fuzz/network_generator.h"

namespace callflow::test {

namespace {

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

const Words regions = {"westeurope",    "northeurope",   "eastus",      "westus2",
                       "southeastasia", "australiaeast", "brazilsouth", "japaneast"};

}  // namespace

bool NetworkGenerator::chance(double probability) {
  return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

int NetworkGenerator::between(int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random_);
}

std::string NetworkGenerator::jitter() {
  const std::string mean = odd_ ? oneOf(Words{"0 ms", "1 ns", "500 ms", "10 s"})
                                : std::to_string(between(0, 30)) + " ms";
  return "{mean: " + mean +
         ", distribution: " + oneOf(Words{"exponential", "uniform", "half-normal"}) +
         (chance(0.3) ? ", reorder: true" : "") + "}";
}

std::string NetworkGenerator::loss() {
  if (odd_) return oneOf(Words{"0%", "100%", "99.9%", "{mean: 50%, burst: 1 s}", "{drop: [1, 2]}"});
  if (chance(0.5)) return std::to_string(between(0, 10)) + "%";
  return "{mean: " + std::to_string(between(0, 20)) + "%, burst: " +
         (chance(0.5) ? std::to_string(between(10, 500)) + " ms"
                      : std::to_string(between(1, 20)) + " packets") +
         "}";
}

std::string NetworkGenerator::link() {
  Words keys;
  const Words rates = odd_ ? Words{"1 bit/s", "1 kbit/s", "unlimited", "400 Gbit/s"}
                           : Words{"64 kbit/s", "256 kbit/s", "2 Mbit/s", "20 Mbit/s", "1 Gbit/s"};
  if (chance(0.8)) keys.push_back("rate: " + oneOf(rates));
  if (chance(0.8))
    keys.push_back("delay: " + (odd_ ? oneOf(Words{"0 ms", "1 ns", "2 s"})
                                     : std::to_string(between(0, 150)) + " ms"));
  if (chance(0.3)) keys.push_back("jitter: " + jitter());
  if (chance(0.4)) keys.push_back("loss: " + loss());
  if (chance(0.3))
    keys.push_back("queue: " + (odd_ ? oneOf(Words{"1 us", "1 B", "1 min", "1 GB"})
                                     : oneOf(Words{"20 ms", "200 ms", "30 kB", "1 s"})));
  if (chance(0.2)) keys.push_back("up: {rate: " + oneOf(rates) + "}");
  if (chance(0.15))
    keys.push_back("mtu: " + (odd_ ? oneOf(Words{"68 B", "65535 B"})
                                   : std::to_string(between(500, 1500)) + " B"));
  if (chance(0.1)) keys.push_back("path-mtu-discovery: false");
  if (keys.empty()) keys.push_back("delay: 1 ms");
  return "{" + joined(keys) + "}";
}

// A box that nobody else has; its name.
std::string NetworkGenerator::device() {
  const std::string name = "box" + std::to_string(devices_.size());
  if (chance(0.4)) {
    devices_.push_back(
        name + ": {kind: nat" +
        (chance(0.3) ? ", udp-timeout: " + std::to_string(between(1, 200)) + " s" : std::string()) +
        "}");
    return name;
  }
  if (chance(0.3)) {
    devices_.push_back(name + ": " +
                       (chance(0.4) ? "{kind: inspector, delay: " + std::to_string(between(0, 20)) +
                                          " ms, jitter: " + jitter() + "}"
                                    : "{kind: shaper, rate: " +
                                          oneOf(Words{"100 kbit/s", "1 Mbit/s", "1 Gbit/s"}) +
                                          ", preset: " +
                                          oneOf(Words{"cisco-police", "cisco-shape", "linux-tbf",
                                                      "fq-codel", "cake-diffserv4", "llq"}) +
                                          "}"));
    return name;
  }
  Words rules;
  for (int i = between(0, odd_ ? 1 : 4); i > 0; --i) {
    const std::string what = chance(0.6) ? "allow" : "deny";
    rules.push_back(
        "{" + what + ": " + oneOf(Words{"udp", "tcp", "any"}) +
        (chance(0.4) ? ", to: " + oneOf(Words{"azure", "any", "10.0.0.0/8"}) : "") +
        (chance(0.4) ? ", ports: " + oneOf(Words{"443", "3478-3481", "[80, 443]"}) : "") +
        (chance(0.2) ? ", direction: in" : "") + "}");
  }
  devices_.push_back(name + ": {kind: firewall, rules: [" + joined(rules) + "]" +
                     (chance(odd_ ? 0.7 : 0.3) ? ", default-out: deny" : "") +
                     (chance(0.6) ? ", nat: {}" : "") + "}");
  firewalls_.push_back(name);
  return name;
}

// A Wi-Fi network that nobody else has; its name.
std::string NetworkGenerator::wifi() {
  const std::string name = "air" + std::to_string(devices_.size());
  Words keys = {"kind: wifi"};
  if (chance(0.4)) keys.push_back("band: 2.4 GHz");
  if (chance(0.3)) keys.push_back("standard: " + oneOf(Words{"n", "ax"}));
  if (chance(0.3))
    keys.push_back("frame-loss: " + std::to_string(between(0, odd_ ? 99 : 30)) + "%");
  if (chance(0.2)) keys.push_back("wmm: false");
  if (chance(0.2)) keys.push_back("discipline: fifo");
  if (chance(0.6))
    keys.push_back("stations: [{count: " + std::to_string(between(1, 8)) +
                   ", up: " + oneOf(Words{"unlimited", "0 bit/s", "1 Mbit/s"}) +
                   ", category: " + oneOf(Words{"best-effort", "voice", "background"}) + "}]");
  devices_.push_back(name + ": {" + joined(keys) + "}");
  return name;
}

// A VPN's gateway; its name.
std::string NetworkGenerator::gateway() {
  const std::string name = "gate" + std::to_string(gateways_.size());
  Words keys = {
      "kind: vpn",
      "preset: " + oneOf(Words{"wireguard", "ipsec-cbc", "openvpn-udp", "openvpn-tcp",
                               "anyconnect-tls", "l2tp-ipsec", "anyconnect", "openvpn-udp-or-tcp"}),
      "clients: 10.25" + std::to_string(gateways_.size()) + ".0.0/16"};
  if (chance(0.3)) keys.push_back(oneOf(Words{"except: [azure]", "only: [10.0.0.0/8]"}));
  if (chance(0.2)) keys.push_back("capacity: 500 kbit/s");
  if (chance(0.2)) keys.push_back("rules: [{deny: udp, ports: [50000-59999]}]");
  if (chance(0.2)) keys.push_back("mtu: " + std::to_string(between(576, 1500)) + " B");
  if (chance(0.3)) keys.push_back("keepalive: " + oneOf(Words{"10 ms", "1 s", "20 s"}));
  if (chance(0.3)) keys.push_back("reconnect: 500 ms");
  devices_.push_back(name + ": {" + joined(keys) + "}");
  gateways_.push_back(name);
  return name;
}

std::string NetworkGenerator::places() {
  std::string sites, remotes;
  const int offices = between(1, 3);
  for (int i = 0; i < offices; ++i) {
    const std::string name =
        (odd_ && chance(0.3) ? "\xc3\xa9t\xc3\xa9" : "site") + std::to_string(i);
    Words keys;
    if (chance(0.7))
      keys.push_back("location: " + (chance(0.5) ? oneOf(regions)
                                                 : "[" + std::to_string(between(-60, 60)) + ", " +
                                                       std::to_string(between(-170, 170)) + "]"));
    const bool backhaul = i > 0 && chance(0.3);
    if (backhaul) {
      keys.push_back("wan: {to: " + places_[0] +
                     ", rate: 10 Mbit/s, delay: " + std::to_string(between(1, 40)) + " ms}");
      lines_.push_back(name + ".wan");
      if (chance(0.3)) {
        keys.push_back("uplink: " + link());
        keys.push_back("routes: [{to: " + oneOf(Words{"azure", "any", "10.0.0.0/8"}) +
                       ", by: " + oneOf(Words{"wan", "uplink"}) + "}]");
        lines_.push_back(name + ".uplink");
      }
    } else {
      Words boxes;
      for (int k = between(0, 2); k > 0; --k) boxes.push_back(device());
      // A gateway stands before all that translates.
      if (chance(0.4)) boxes.push_back(gateway());
      if (!boxes.empty()) keys.push_back("perimeter: [" + joined(boxes) + "]");
      keys.push_back("uplink: " + link());
      if (chance(0.2)) keys.push_back("backup: " + link());
      lines_.push_back(name + ".uplink");
      if (chance(0.2)) {
        keys.push_back("peering: {at: " + oneOf(regions) + ", rate: 100 Mbit/s, delay: 3 ms}");
        lines_.push_back(name + ".peering");
      }
    }
    if (chance(0.3)) keys.push_back("access: " + link());
    if (chance(0.3)) keys.push_back("wifi: " + wifi());
    if (chance(0.3))
      keys.push_back(
          "proxy: " +
          oneOf(Words{"true", "{authentication: ntlm}", "{ports: [80]}", "{inspects-tls: true}",
                      "{longest: 2 s}", "{idle: 1 s, processing: 3 ms}", "{longest: 100 ms}"}));
    if (chance(0.1)) keys.push_back("resolver: " + oneOf(regions));
    sites += "    " + name + ": {" + joined(keys) + "}\n";
    places_.push_back(name);
  }
  for (int i = between(0, 3); i > 0; --i) {
    const std::string name = "home" + std::to_string(i);
    Words keys = {"location: " + oneOf(regions)};
    if (chance(0.7))
      keys.push_back("nat: " + [&] {
        devices_.push_back("box" + std::to_string(devices_.size()) + ": {kind: nat}");
        return "box" + std::to_string(devices_.size() - 1);
      }());
    if (chance(0.5)) keys.push_back("uplink: " + link());
    if (!gateways_.empty() && chance(0.6)) {
      keys.push_back("vpn: " + oneOf(gateways_));
      tunnels_.push_back(name + ".vpn");
    }
    if (chance(0.3)) keys.push_back("wifi: " + wifi());
    remotes += "    " + name + ": {" + joined(keys) + "}\n";
    places_.push_back(name);
  }
  std::string text = "  sites:\n" + sites;
  if (!remotes.empty()) text += "  remote:\n" + remotes;
  return text;
}

std::string NetworkGenerator::audio() {
  Words keys;
  const std::string codec = oneOf(Words{"opus", "opus", "pcmu", "g722"});
  keys.push_back("codec: " + codec);
  keys.push_back("frame: " + (codec == "opus" ? oneOf(Words{"10 ms", "20 ms", "60 ms"})
                                              : oneOf(Words{"10 ms", "20 ms", "30 ms"})));
  if (codec == "opus") {
    if (chance(0.5))
      keys.push_back("bitrate: " + std::to_string(between(6, odd_ ? 510 : 64)) + " kbit/s");
    if (chance(0.3)) keys.push_back("red: true");
    if (chance(0.3)) keys.push_back("fec: off");
    // Who speaks when tells on frames whose sizes spread.
    keys.push_back(chance(0.2) ? "rate-control: cbr" : "talk: conversation");
  }
  if (chance(0.4))
    keys.push_back("jitter-buffer: {kind: " + oneOf(Words{"neteq", "adaptive", "fixed"}) + "}");
  return "{" + joined(keys) + "}";
}

std::string NetworkGenerator::call(int number) {
  const bool group = chance(0.35);
  Words people;
  const int count = group ? between(2, 5) : 2;
  for (int i = 0; i < count; ++i)
    people.push_back("p" + std::to_string(number) + "-" + std::to_string(i) + "@" +
                     (odd_ && chance(0.5) ? places_[0] : oneOf(places_)));
  const bool telephone = !group && chance(0.2);
  if (telephone) {
    const std::string by = servers_ && chance(0.7) ? "sbc" : "pstn";
    people.back() = "p" + std::to_string(number) + "-1@" + by;
  }
  Words keys = {
      "name: call" + std::to_string(number), "participants: [" + joined(people) + "]",
      "duration: " + (odd_ ? oneOf(Words{"1 s", "4 s"}) : std::to_string(between(3, 6)) + " s")};
  if (group) keys.push_back("kind: group");
  if (chance(0.1)) keys.push_back("features: [recording]");
  if (chance(0.15)) keys.push_back("count: 3");
  if (chance(0.2)) keys.push_back("dscp: " + oneOf(Words{"ef", "af41", "cs1"}));
  if (chance(0.15)) keys.push_back("relay-only: [p" + std::to_string(number) + "-0]");
  if (servers_) keys.push_back(group ? "server: meet" : "relays: [ours]");
  if (chance(0.3)) keys.push_back("start: " + std::to_string(between(0, 3)) + " s");
  if (telephone)
    keys.push_back("audio: {codec: pcma}");
  else if (chance(0.5))
    keys.push_back("audio: " + audio());
  if (!group && chance(0.4))
    keys.push_back("paths: [" +
                   oneOf(Words{"direct", "relay-udp", "relay-tcp", "relay-udp, relay-tcp",
                               "direct, relay-tcp"}) +
                   "]");
  if (chance(0.3))
    keys.push_back(
        "transport: {security: " + oneOf(Words{"none", "tls-1.2", "tls-1.3", "pseudo-tls"}) + "}");
  if (chance(0.3))
    keys.push_back("tcp: {congestion-control: " + oneOf(Words{"cubic", "reno", "bbr"}) + "}");
  return "  - {" + joined(keys) + "}\n";
}

std::string NetworkGenerator::events() {
  if (!chance(0.4)) return {};
  std::string text = "events:\n";
  for (int i = between(1, 3); i > 0; --i) {
    text +=
        "  - {at: " + std::to_string(between(1, 3)) + " s, link: " + oneOf(lines_) + ", " +
        oneOf(Words{"rate: 100 kbit/s", "rate: 50 Mbit/s", "loss: 100%", "loss: 0%", "delay: 80 ms",
                    "queue: 10 ms", "jitter: 5 ms", "state: down", "state: up"}) +
        "}\n";
  }
  if (!tunnels_.empty() && chance(0.5)) {
    const std::string tunnel = oneOf(tunnels_);
    text += "  - {at: 1 s, link: " + tunnel + ", state: down}\n";
    if (chance(0.7)) text += "  - {at: 2 s, link: " + tunnel + ", state: up}\n";
  }
  if (!firewalls_.empty() && chance(0.5))
    text += "  - {at: 2 s, device: " + oneOf(firewalls_) + ", forget: true}\n";
  return text;
}

std::string NetworkGenerator::variants() {
  if (!chance(0.5)) return {};
  std::string text = "variants:\n  plain: {}\n  other:\n    change:\n";
  text += "      calls.call0.duration: " + std::to_string(between(3, 5)) + " s\n";
  if (!firewalls_.empty() && chance(0.7))
    text +=
        "      devices." + oneOf(firewalls_) + ".rules: [{allow: tcp, ports: 443}, {deny: any}]\n";
  return text;
}

std::string NetworkGenerator::scenario() {
  places_.clear();
  lines_.clear();
  devices_.clear();
  firewalls_.clear();
  gateways_.clear();
  tunnels_.clear();
  servers_ = false;
  std::string text = "scenario: made-up\ntopology:\n  topology: made-up\n" + places();
  if (!devices_.empty()) {
    text += "  devices:\n";
    for (const std::string& one : devices_) text += "    " + one + "\n";
  }
  if (chance(0.2)) {
    servers_ = true;
    text += "  servers: {ours: {kind: relay, at: " + oneOf(places_) +
            "}, meet: {kind: media-processor, at: " + oneOf(places_) +
            ", port: 40000}, sbc: {kind: sbc, at: " + oneOf(places_) +
            ", media-bypass: " + (chance(0.5) ? "true" : "false") + "}}\n";
  }
  if (chance(0.4)) text += "  internet: {jitter: " + jitter() + ", stretch: 2}\n";
  const std::string region = oneOf(regions);
  text += "  azure: {regions: [" + region + "]" +
          (chance(0.05) ? ", relays-off: [" + region + "]" : "") + "}\n";
  text += "calls:\n";
  for (int i = 0, count = between(1, 3); i < count; ++i) text += call(i);
  if (chance(0.3))
    text += "traffic:\n  - {name: load, kind: " +
            oneOf(Words{"transfer", "constant", "on-off", "transfer, size: 50 kB"}) +
            ", from: " + oneOf(places_) + (chance(0.5) ? ", to: internet" : "") +
            ", duration: 2 s}\n";
  text += events() + variants();
  text += "runs: 1\ndrain: 2 s\n";
  if (odd_) {
    text += "warm-up: 0 s\n";
  } else if (chance(0.3)) {
    text += "warm-up: 1 s\n";
  }
  return text;
}

std::string NetworkGenerator::valid() {
  odd_ = false;
  return scenario();
}

std::string NetworkGenerator::odd() {
  odd_ = true;
  return scenario();
}

std::string NetworkGenerator::nearlyValid(std::string& fault) {
  struct Fault {
    std::string name, from, to;
  };
  // What every generated file has, and what it must not become.
  const std::vector<Fault> faults = {
      {"a site that is not there", "@site0", "@nowhere"},
      {"a key that is not there", "participants:", "particpants:"},
      {"a value without its unit", "drain: 2 s", "drain: 2"},
      {"a value that is out of range", "duration: ", "duration: -"},
      {"a region that is not there", "azure: {regions: [", "azure: {regions: [atlantis, "},
      {"a list for a map", "topology:\n", "topology: [1]\nx:\n"},
      {"a number that is none", "runs: 1", "runs: many"},
      {"a key twice", "runs: 1\n", "runs: 1\nruns: 2\n"},
      {"a line that is not there", "runs: 1\n",
       "runs: 1\nevents: [{at: 1 s, link: site0.tunnel, rate: 1 Mbit/s}]\n"},
      {"nothing to change", "runs: 1\n", "runs: 1\nchange: {sites.site9.uplink.rate: 1 Mbit/s}\n"},
  };
  while (true) {
    std::string text = valid();
    const Fault& one = oneOf(faults);
    const std::size_t at = text.find(one.from);
    if (at == std::string::npos) continue;
    if (one.name == "a line that is not there" && text.find("\nevents:") != std::string::npos)
      continue;
    fault = one.name;
    return text.replace(at, one.from.size(), one.to);
  }
}

}  // namespace callflow::test
