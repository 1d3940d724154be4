#!/usr/bin/perl
# A short message centre on Debian's Net::SMPP (libnet-smpp-perl), to test our client against a PDU codec that is
# not ours. Tells on standard output, one JSON object a line, what it received. What a number ends in decides what
# becomes of a message: 90 throttled, 91 no such number, 92 second part refused, 93 no answer at all.
use strict;
use warnings;
use Net::SMPP;
use JSON::PP;

my ($password) = @ARGV;
$| = 1;
$SIG{CHLD} = 'IGNORE';
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0, timeout => undef) or die "no listener: $!";
my $json = JSON::PP->new->canonical;
sub report { print $json->encode({@_}), "\n" }
report(port => $listener->sockport);

while (my $peer = $listener->accept) {
  my $pid = fork;
  die "no fork" unless defined $pid;
  if ($pid) { close $peer; next }
  serve($peer);
  exit 0;
}

sub serve {
  my ($peer) = @_;
  ${*$peer}{async} = 1;
  my $count = 0;
  while (my $pdu = $peer->read_pdu) {
    my ($cmd, $seq) = ($pdu->{cmd}, $pdu->{seq});
    if ($cmd == Net::SMPP::CMD_bind_transceiver) {
      my $good = $pdu->{password} eq $password;
      report(event => 'bind', system => $pdu->{system_id}, version => $pdu->{interface_version}, good => $good ? 1 : 0);
      $peer->bind_transceiver_resp(system_id => 'centre', seq => $seq, status => $good ? 0 : 0x0e);
      $peer->enquire_link if $good;
    } elsif ($cmd == Net::SMPP::CMD_submit_sm) {
      my $to = $pdu->{destination_addr};
      my $part = ++$count;
      report(
        event => 'submit', to => $to, ton => $pdu->{dest_addr_ton}, from => $pdu->{source_addr},
        coding => $pdu->{data_coding}, esm => $pdu->{esm_class}, registered => $pdu->{registered_delivery},
        hex => unpack('H*', $pdu->{short_message}),
      );
      next if $to =~ /93$/;
      my $header = $pdu->{esm_class} & 0x40;
      my $second = $header && ord(substr $pdu->{short_message}, 5, 1) > 1;
      my $status = $to =~ /90$/ ? 0x58 : $to =~ /91$/ ? 0x0b : $to =~ /92$/ && $second ? 0x45 : 0;
      my $id = "m$$-$part";
      $peer->submit_sm_resp(message_id => $status ? '' : $id, seq => $seq, status => $status);
      next if $status;
      $peer->deliver_sm(
        source_addr => $to, destination_addr => $pdu->{source_addr}, esm_class => 0x04,
        short_message => "id:$id sub:001 dlvrd:001 submit date:2611211730 done date:2611211731 "
          . ($to =~ /94$/ ? 'stat:UNDELIV err:021' : 'stat:DELIVRD err:000') . ' text:',
      );
    } elsif ($cmd == Net::SMPP::CMD_unbind) {
      report(event => 'unbind');
      $peer->unbind_resp(seq => $seq);
      return;
    } elsif ($cmd & 0x80000000) {
      report(event => 'answer', command => sprintf('%08x', $cmd), status => $pdu->{status});
    } else {
      $peer->generic_nack(seq => $seq, status => 3);
    }
  }
}
