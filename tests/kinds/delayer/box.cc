#include "models/fabric/box.h"

#include "tests/kinds/delayer/parameters.h"

namespace callflow::delayer {
namespace {

constexpr std::uint16_t kDiscardPort = 9;

class DelayerBox : public fabric::Box {
 public:
  explicit DelayerBox(const Delayer& parameters) : parameters_(parameters) {}

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side, TimePoint) override {
    if (packet.destinationPort == kDiscardPort) return {fabric::BoxResult::Action::drop};
    return {.hold = parameters_.time};
  }
  bool holds() const override { return true; }
  std::string describeReason(std::uint16_t) const override { return "sent to the port discard"; }

 private:
  Delayer parameters_;
};

}  // namespace

std::unique_ptr<fabric::Box> makeBox(const Delayer& parameters, const fabric::BoxPlace&) {
  return std::make_unique<DelayerBox>(parameters);
}

}  // namespace callflow::delayer
