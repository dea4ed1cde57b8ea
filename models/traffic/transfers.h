// A TCP connection that carries files one way, as fast as TCP lets it.
#pragma once

#include <optional>
#include <string>

#include "models/fabric/fabric.h"
#include "models/fabric/random.h"
#include "models/traffic/ends.h"
#include "models/traffic/parameters.h"
#include "models/transport/stream.h"
#include "models/transport/tcp_layer.h"

namespace callflow::traffic {

// Must outlive the simulation.
class Transfers : public transport::StreamHandler, public fabric::LaneClient {
 public:
  // `ends` as of the end that opens the connection; `sends` is the end that files come from.
  // `name` names its random draws.
  Transfers(fabric::Fabric& fabric, transport::TcpLayer& layer, const Ends& ends,
            transport::End sends, const Transfer& parameters, const Period& period,
            const std::string& name);

  // To be called at the beginning of the period.
  void start() { stream_.open(); }
  Volume volume() const { return volume_; }

  void onEstablished(const transport::Stream& stream) override;
  void onWritable(transport::End from) override;
  void onArrival(transport::End, transport::MessageToken, fabric::PacketId,
                 const fabric::Packet&) override {}
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  void beginFile();
  void write();

  fabric::Fabric& fabric_;
  transport::Stream& stream_;
  transport::End sends_;
  Transfer parameters_;
  Period period_;
  fabric::RandomStream random_;
  fabric::LaneId lane_;
  std::optional<std::int64_t> rest_;  // bytes of the file still to be written; none: without end
  std::int64_t onWay_ = 0;            // bytes written and not delivered
  Volume volume_;
};

}  // namespace callflow::traffic
