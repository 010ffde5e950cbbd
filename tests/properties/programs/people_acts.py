"""Operations between people: red packets and split bills."""

from typing import Any

from tests.factories.accounts import PIN
from tests.properties.programs import model as names
from tests.properties.programs.model import Packet
from tests.properties.programs.program import Program
from wallet.sharing.usecases.red_packet import claim_share, send_packet
from wallet.sharing.usecases.split_bill import pay_share, split_bill


def pack(program: Program) -> None:
    """A person puts money into a red packet."""
    person, shares = program.person(), program.chance.randint(1, 5)
    amount_minor = program.amount(20_00)
    key = str(next(program.world.numbers))

    def act() -> Any:
        sender_id = program.world.people[person].id
        return send_packet(
            sender_id=sender_id, key=key, total_minor=amount_minor, shares=shares, pin=PIN
        )[0]

    row = program.expect(program.fits(person, amount_minor), act)
    number = len(program.world.packets)
    program.world.packets.append(row.id)
    program.packets[row.id] = (number, Packet(person, amount_minor, shares))
    program.model.move(names.wallet(person), names.packet(number), amount_minor)


def unpack(program: Program) -> None:
    """A person takes a share of a packet, or asks for the same one again."""
    if not program.packets:
        return
    packet_id = program.chance.choice(list(program.packets)[-4:])
    number, packet = program.packets[packet_id]
    person = program.person()
    claim_share(packet_id=packet_id, user_id=program.world.people[person].id)
    if person not in packet.takers:
        part_minor = packet.next_share()
        packet.takers.add(person)
        program.model.move(names.packet(number), names.wallet(person), part_minor)


def share_bill(program: Program) -> None:
    """Somebody asks two others for their shares, or one of them pays."""
    world = program.world
    if not program.bills or program.chance.random() < 0.4:
        asks, first, second = program.chance.sample(range(len(world.people)), 3)
        total_minor = program.amount()
        row, _ = split_bill(
            requester_id=world.people[asks].id,
            key=str(next(world.numbers)),
            total_minor=total_minor,
            phones=[world.people[first].phone, world.people[second].phone],
        )
        program.bills += [(row.id, each, asks, total_minor // 3) for each in (first, second)]
        return
    bill = program.chance.choice(program.bills)
    split_id, payer, asks, part_minor = bill

    def act() -> Any:
        return pay_share(split_id=split_id, user_id=world.people[payer].id, pin=PIN)

    program.expect(program.fits(payer, part_minor), act)
    program.model.move(names.wallet(payer), names.wallet(asks), part_minor)
    program.bills.remove(bill)
    program.again.append(act)
