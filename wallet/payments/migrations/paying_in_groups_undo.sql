DROP FUNCTION payments_pay_group(jsonb);
DROP TYPE payments_pay_item;
DROP FUNCTION payments_look_up(jsonb);
