#include "src/sim/transport_settings.h"

namespace callflow::sim {

namespace {

transport::CongestionAlgorithm congestion(topology::TcpCongestion control) {
  switch (control) {
    case topology::TcpCongestion::cubic:
      return transport::CongestionAlgorithm::cubic;
    case topology::TcpCongestion::reno:
      return transport::CongestionAlgorithm::reno;
    case topology::TcpCongestion::bbr:
      return transport::CongestionAlgorithm::bbr;
  }
  return transport::CongestionAlgorithm::cubic;
}

}  // namespace

transport::TcpSettings tcpSettings(const topology::Tcp& tcp) {
  if (tcp.model == topology::TcpModel::ns3) {
    transport::TcpParameters result;
    result.sendBuffer = tcp.send_buffer.value();
    result.receiveBuffer = tcp.receive_buffer.value();
    result.minimumRto = tcp.minimum_rto;
    result.delayedAck = tcp.delayed_ack;
    result.noDelay = tcp.no_delay;
    return result;
  }
  transport::LinuxTcpParameters result;
  result.sendBuffer = tcp.send_buffer;
  result.serverSendBuffer = tcp.relay_send_buffer;
  result.notSentLowWater = tcp.unsent_limit;
  result.receiveBuffer = tcp.receive_buffer;
  result.minimumRto = tcp.minimum_rto;
  result.delayedAckMinimum = tcp.delayed_ack;
  result.delayedAckMaximum = tcp.delayed_ack_maximum;
  result.noDelay = tcp.no_delay;
  result.congestion = congestion(tcp.congestion_control);
  result.recovery = tcp.recovery == topology::TcpRecovery::duplicates
                        ? transport::LossRecovery::duplicates
                        : transport::LossRecovery::rack;
  result.initialWindow = tcp.initial_window;
  result.maximumRto = tcp.maximum_rto;
  result.synRetries = tcp.syn_retries;
  result.slowStartAfterIdle = tcp.slow_start_after_idle;
  return result;
}

transport::Security security(topology::Security security) {
  switch (security) {
    case topology::Security::none:
      return transport::Security::none;
    case topology::Security::tls_1_2:
      return transport::Security::tls12;
    case topology::Security::tls_1_3:
      return transport::Security::tls13;
    case topology::Security::pseudo_tls:
      return transport::Security::pseudo;
  }
  return transport::Security::none;
}

}  // namespace callflow::sim
