// Calls: who talks, over which paths, with which sound.
#include "models/signaling/keys.h"
#include "models/wire/keys.h"
#include "src/topology/scenario_table.h"

namespace callflow::topology {

const config::Table<Call>& tableOf(const Call*) {
  static const config::Table<Call> kTable =
      config::Table<Call>("call", "Participants who talk for a while.")
          .add("name", &Call::name,
               {.def = "call", .help = "Its name in results and changes.", .source = "ours"})
          .add(
              "kind", &Call::kind,
              {.def = "one-to-one",
               .help = "one-to-one goes from peer to peer or over a relay; group goes over a media "
                       "processor in the region of the first participant.",
               .source = "ours"})
          .add("participants", &Call::participants,
               {.required = true,
                .help = "Who takes part and where, such as [alice@hq, bob@home]; member@home x 30 "
                        "is member-1 to member-30. alice@home+phone has an interface at each of "
                        "two sites and uses the one that her client prefers (access-kind) while "
                        "it works. bob@pstn has a telephone that Azure's trunk "
                        "leads to, bob@our-sbc one that a server of kind sbc leads to.",
                .source = "none: must be written"})
          .add("count", &Call::count,
               {.def = "1",
                .min = "1",
                .max = "1000",
                .help = "So many calls like this, of alice-1 and bob-1, alice-2 and bob-2 and so "
                        "on; their streams count together under the call's name.",
                .source = "ours"})
          .add("senders", &Call::senders,
               {.help = "Participants who send media; none written: all of them.",
                .source = "ours: everybody's microphone is open"})
          .add("paths", &Call::paths,
               {.def = "[direct, relay-udp, relay-tcp, relay-proxy]",
                .help = "Paths that may be used; the most direct one that works is.",
                .source = "Call flows in Azure Communication Services: direct, else a relay over "
                          "UDP 3478, "
                          "else over TCP 443"})
          .add("relays", &Call::relays,
               {.help = "Relays of the customer's own (servers of kind relay) that clients use, "
                        "each the one that is nearest to it; none written: Azure's.",
                .source = "ACS clients can be given a custom TURN server"})
          .add("relay-port", &Call::relayPort,
               {.def = "3478",
                .min = "3478",
                .max = "3481",
                .help = "The UDP port of relays that its clients use: 3478, or where media is "
                        "marked for quality of service 3479 for audio. Clients whose port is "
                        "closed go on to TCP 443 and try no other over UDP.",
                .source = "Implement Quality of Service in Microsoft Teams: 3478 for all media, "
                          "with markers 3479 audio, 3480 video, 3481 sharing; libwebrtc asks the "
                          "servers that it is given and no others"})
          .add("relay-only", &Call::relayOnly,
               {.help = "Participants whose clients send to and receive from their own relays only "
                        "(iceTransportPolicy: relay).",
                .source = "W3C WebRTC 4.2.3 (RTCIceTransportPolicy): all candidates"})
          .add("features", &Call::features,
               {.help = "What a media processor does in the call, through which it then goes, also "
                        "between two.",
                .source = "Call flows in Azure Communication Services: media processors are used "
                          "where media is recorded or transcribed"})
          .add("server", &Call::server,
               {.help = "Of a group or a call with features: the customer's own media processor "
                        "that it goes over.",
                .source = "ours: one in the region of the first participant",
                .absent = "none"})
          .add("ice-restart", &Call::iceRestart,
               {.def = "true",
                .help = "Whether its clients restart ICE when they are disconnected, again and "
                        "again for 120 s; without, a call whose paths are lost for good ends.",
                .source = "Call end codes of Azure Communication Services: the SDK reconnects by "
                          "itself; 410/301005 when that fails"})
          .add("gathering", &Call::gathering,
               {.def = "once",
                .help = "Whether its clients gather candidates of an interface that comes back in "
                        "mid-call at once, or not before they restart ICE.",
                .source = "W3C webrtc-pc issue 2791: browsers once, libwebrtc's ports for mobile "
                          "systems continually if they are told to"})
          .add("signaling", &Call::signaling,
               {.def = "ideal",
                .help = "How its clients tell each other who calls and where they are to be "
                        "reached: ideal takes no time on the network and always arrives; https is "
                        "TLS over TCP 443 to the region nearest to each, through the same boxes "
                        "and its site's proxy, and a call that is not set up in time ends.",
                .source = "Azure Communication Services, Detailed call flows: HTTPS REST to the "
                          "closest server, a time-out of 85 s; ideal: ours"})
          .add("start", &Call::start,
               {.def = "0 s",
                .max = "24 h",
                .help = "When the call is set up, in simulated time.",
                .source = "ours"})
          .add("setup", &Call::setup,
               {.def = "1 s",
                .max = "10 min",
                .help = "From there to the first media packet, at least; media waits longer where "
                        "ICE, DTLS and what they go through take longer to connect.",
                .source = "ours: signaling and somebody who answers"})
          .add(
              "duration", &Call::duration,
              {.def = "60 s",
               .min = "10 ms",
               .max = "24 h",
               .help = "How long media is sent.",
               .source = "ours: the call quality dashboard of Teams classifies no shorter streams"})
          .add("dscp", &Call::dscp,
               {.def = "be",
                .help = "The mark of its media packets (also of TCP): ef, af41 or the like. The "
                        "Internet wipes it, unless internet: {dscp: keep} says otherwise.",
                .source = "browsers mark nothing unless a policy of the system or the page asks "
                          "for it; Teams and ACS advise ef for audio"})
          .add("profile", &Call::profile,
               {.def = "chrome-2026",
                .help = "Which release of which client the participants use: it sets how the "
                        "receiver adapts.",
                .source = "libwebrtc of mid-2020, M125 (2024) and M150 (2026)"})
          .add(
              "clocks", &Call::clocks,
              {.def = "drawn",
               .help = "drawn: each participant's frames begin at an instant of their own, and its "
                       "clock is up to 50 ppm off; ideal: all go by the clock of the simulation, "
                       "as examples that are worked out by hand need it.",
               .source = "what common quartz oscillators are specified to"})
          .add("audio", &Call::audio, {.help = "The sound.", .source = "libwebrtc"})
          .add("video", &Call::video,
               {.help = "The picture, of everybody who sends; with it all that a client sends is "
                        "kept to the rate that its path is found to carry.",
                .source = "libwebrtc",
                .absent = "none"})
          .add("share", &Call::share,
               {.help = "A screen that one of them shares.",
                .source = "libwebrtc",
                .absent = "none"})
          .add("presenter", &Call::presenter,
               {.help = "Who shares it, by name.",
                .source = "ours: the first participant who sends",
                .absent = "the first who sends"})
          .add(
              "mode", &Call::mode,
              {.def = "sfu",
               .help = "Over a media processor: sfu forwards what each sends to the others; mcu "
                       "decodes it, mixes the sound and composes the pictures, and codes for "
                       "each participant one stream of each.",
               .source = "Azure Communication Services, Call flows: a media processor acts as MCU "
                         "or SFU; which of them when is not published, and simulcast needs an SFU"})
          .add("layout", &Call::layout,
               {.help = "Over a media processor: what each shows of the others' video.",
                .source = "Azure Communication Services"})
          .add("congestion-control", &Call::congestion,
               {.def = "gcc",
                .help = "With video or a screen: what finds that rate. gcc is libwebrtc's; nada "
                        "and scream are "
                        "those of RFC 8698 and RFC 8298.",
                .source = "libwebrtc: modules/congestion_controller/goog_cc"})
          .add("tcp", &Call::tcp,
               {.help = "TCP, where the call uses it.", .source = "Linux, Chromium"})
          .add("transport", &Call::transport,
               {.help = "TLS around TCP, and what is dropped when TCP does not keep up.",
                .source = "Chromium, coturn"})
          .nameKey("name")
          .position(&Call::pos)
          .check([](Call& call, const config::Context& context) {
            if (call.mode == conference::Mode::mcu && call.share)
              context.keyError("mode", "mcu composes cameras only, and the call shares a screen",
                               "write sfu, or leave out share");
            if (!context.has("name")) return;
            const std::string problem = config::nameProblem(call.name);
            const auto advice = problem.find("; ");
            if (!problem.empty())
              context.keyError("name", problem.substr(0, advice), problem.substr(advice + 2));
          });
  return kTable;
}

}  // namespace callflow::topology
