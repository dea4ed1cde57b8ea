#include "models/conference/keys.h"

namespace callflow::conference {

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
                .source = "ours: Microsoft publishes no figure"});
  return kTable;
}

}  // namespace callflow::conference
