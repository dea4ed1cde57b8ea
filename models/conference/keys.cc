#include "models/conference/keys.h"

namespace callflow::conference {

const config::Table<Layout>& tableOf(const Layout*) {
  static const config::Table<Layout> kTable =
      config::Table<Layout>("layout", "Of others' video, what each participant shows.")
          .add("videos", &Layout::videos,
               {.def = "9",
                .min = "1",
                .max = "49",
                .help = "So many at once at most: of those who send, whoever spoke last, and "
                        "before anybody "
                        "has those who are written first.",
                .source = "Azure Communication Services: nine incoming videos on the web; Teams: "
                          "49 in the large gallery"})
          .add("height", &Layout::height,
               {.def = "0",
                .max = "1080",
                .help = "Of each, in pixels: the server sends nothing larger than that. 0: as "
                        "large as the number of videos leaves of a window of 720, 360 of four and "
                        "240 of nine.",
                .source = "Azure Communication Services, simulcast: never larger than was asked "
                          "for; the window: ours"})
          .add(
              "speakers", &Layout::speakers,
              {.def = "0",
               .max = "999",
               .help = "Sound of so many goes on at once, the loudest, and of whoever is dominant. "
                       "0: of everybody, but in calls of more than 50 of the loudest three.",
               .source = "Jitsi Videobridge: route-loudest-only, num-loudest 3; LiveKit and "
                         "mediasoup send on all that is subscribed to"})
          .add("allocation", &Layout::allocation,
               {.def = "livekit",
                .help = "How the server shares out what the path to a participant carries. "
                        "livekit: all videos rise together, as soon as there is rate; mediasoup: "
                        "a step each in turn every second, and none to a larger size within 10 s "
                        "of having to give one up.",
                .source = "LiveKit: pkg/sfu/streamallocator; mediasoup: worker Transport.cpp and "
                          "SimulcastConsumer.cpp; what Azure's does is not published"});
  return kTable;
}

const config::Table<MediaProcessor>& tableOf(const MediaProcessor*) {
  static const config::Table<MediaProcessor> kTable =
      config::Table<MediaProcessor>(
          "media-processor", "What every participant of a group call sends to and receives from.")
          .add("port", &MediaProcessor::port,
               {.def = "3478",
                .min = "1",
                .help = "The UDP port that participants send to.",
                .source = "Call flows in Azure Communication Services: 3478 to 3481"})
          .add("processing", &MediaProcessor::processing,
               {.def = "1 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departures.",
                .source = "ours: Microsoft publishes no figure"})
          .add("mixing", &MediaProcessor::mixing,
               {.def = "1 ms",
                .max = "1 s",
                .help = "Of calls with mode: mcu: what it takes to decode, mix and code a frame "
                        "of sound, besides the coder's look-ahead.",
                .source = "ours: libopus takes a fraction of a millisecond a frame and person"})
          .add("composing", &MediaProcessor::composing,
               {.def = "10 ms",
                .max = "1 s",
                .help = "Of calls with mode: mcu: what it takes to compose a picture and to code "
                        "it, up to its first packet.",
                .source = "ours: real-time encoders take a few milliseconds a picture and core"});
  return kTable;
}

}  // namespace callflow::conference
