#include "models/relay/server.h"

namespace callflow::relay {

Server::Server(path::Transit& transit, const Relay& parameters)
    : FrameSink(transit),
      processing_(parameters.processing),
      lane_(transit.fabric().simulator().addLane(*this, 0)) {}

void Server::onFrame(path::FrameHandle handle, TimePoint now) {
  if (processing_ == Duration{}) {
    transit().sendOn(handle);
    return;
  }
  transit()[handle].parts[receiver::DelayCause::processing] += processing_;
  transit().fabric().simulator().push(lane_, now + processing_, handle);
}

void Server::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  transit().sendOn(payload);
}

}  // namespace callflow::relay
