#include "models/traffic/transfers.h"

#include <algorithm>

namespace callflow::traffic {
namespace {

// What an application writes at once, as curl and browsers do.
constexpr std::int64_t kChunk = 16'384;

// By which the end that opens a connection asks the other to send.
constexpr DataSize kRequest = DataSize::bytes(400);
constexpr transport::MessageToken kRequestToken = 0;

transport::Tcp tcpOf(const Transfer& parameters) {
  transport::Tcp tcp;
  tcp.congestion = parameters.congestion;
  tcp.sendBuffer = tcp.serverSendBuffer = parameters.sendBuffer;
  tcp.receiveBuffer = parameters.receiveBuffer;
  return tcp;
}

}  // namespace

Transfers::Transfers(fabric::Fabric& fabric, transport::TcpLayer& layer, const Ends& ends,
                     transport::End sends, const Transfer& parameters, const Period& period,
                     const std::string& name)
    : fabric_(fabric),
      stream_([&]() -> transport::Stream& {
        layer.listen(ends.to, ends.destination.port);
        return layer.connect({ends.from, ends.source, ends.stream, ends.dscp},
                             {ends.to, ends.destination, ends.stream, ends.dscp}, tcpOf(parameters),
                             *this);
      }()),
      sends_(sends),
      parameters_(parameters),
      period_(period),
      random_(name),
      lane_(fabric.simulator().addLane(*this, 0)) {}

void Transfers::onEstablished(const transport::Stream&) {
  if (sends_ == transport::End::client) {
    beginFile();
  } else {
    stream_.send(transport::End::client, kRequest, kRequestToken);
  }
}

void Transfers::beginFile() {
  if (parameters_.size) {
    rest_ = parameters_.size->count();
    if (parameters_.pause) {
      // Exponential, like the pauses.
      rest_ = std::max<std::int64_t>(1, random_.exponential(Duration::ns(*rest_)).count());
    }
  }
  write();
}

void Transfers::write() {
  const TimePoint now = fabric_.simulator().now();
  while (now < period_.end && (!rest_ || *rest_ > 0) && stream_.writable(sends_)) {
    const std::int64_t chunk = rest_ ? std::min(*rest_, kChunk) : kChunk;
    if (rest_) *rest_ -= chunk;
    onWay_ += chunk;
    volume_.sent += DataSize::bytes(chunk);
    stream_.send(sends_, DataSize::bytes(chunk), static_cast<transport::MessageToken>(chunk));
  }
}

void Transfers::onWritable(transport::End from) {
  if (from == sends_) write();
}

void Transfers::onDelivery(transport::End at, const transport::Delivery& delivery) {
  if (at == sends_) {
    beginFile();  // it was asked to
    return;
  }
  const auto size = static_cast<std::int64_t>(delivery.token);
  volume_.received += DataSize::bytes(size);
  volume_.last = delivery.delivered;
  onWay_ -= size;
  const bool done = rest_ && *rest_ == 0 && onWay_ == 0;
  if (!done || !parameters_.pause) return;
  const TimePoint next = fabric_.simulator().now() + random_.exponential(*parameters_.pause);
  if (next < period_.end) fabric_.simulator().push(lane_, next, 0);
}

void Transfers::onRecord(std::uint32_t, std::uint32_t, TimePoint) {
  beginFile();
}

}  // namespace callflow::traffic
