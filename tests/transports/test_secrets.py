"""Secrets come from SSM when they are needed, and are seen nowhere else."""

import logging

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.model.outcome import CallNotSent, Halted
from chalicelib.transports.secrets import KEPT_S, Secrets, parameter_client

VALUE = "correct horse battery staple"
NAME = "/envoi/main/smtp-password"


class Ssm:
    """Answers as GetParameter does; `failure` is raised instead."""

    def __init__(self, failure=None):
        self.value = VALUE
        self.failure = failure
        self.asked = []

    def get_parameter(self, **parameters):
        self.asked.append(parameters)
        if self.failure:
            raise self.failure
        return {"Parameter": {"Name": parameters["Name"], "Type": "SecureString", "Value": self.value}}


def test_a_secret_is_decrypted_and_kept_for_minutes(clock):
    ssm = Ssm()
    secrets = Secrets(lambda: ssm, clock)
    assert [secrets.read(NAME), secrets.read(NAME)] == [VALUE, VALUE]
    assert ssm.asked == [{"Name": NAME, "WithDecryption": True}]
    ssm.value = "another"
    clock.now += KEPT_S + 1
    assert secrets.read(NAME) == "another"


def test_no_client_is_made_before_a_secret_is_wanted():
    made = []
    secrets = Secrets(lambda: made.append(1) or Ssm())
    assert not made
    secrets.read(NAME)
    secrets.read("/envoi/main/other")
    assert len(made) == 1


def client_error(code):
    return ClientError({"Error": {"Code": code, "Message": f"about {VALUE}"}}, "GetParameter")


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (client_error("ParameterNotFound"), Halted),
        (client_error("AccessDeniedException"), Halted),
        (client_error("InvalidKeyId"), Halted),
        (client_error("ThrottlingException"), CallNotSent),
        (client_error("InternalServerError"), CallNotSent),
        (EndpointConnectionError(endpoint_url="https://ssm.example"), CallNotSent),
    ],
)
def test_a_secret_that_cannot_be_read_is_a_sending_fault_that_names_it(failure, raised):
    with pytest.raises(raised, match=NAME) as caught:
        Secrets(lambda: Ssm(failure)).read(NAME)
    assert VALUE not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_failed_is_asked_again():
    ssm = Ssm(client_error("ThrottlingException"))
    secrets = Secrets(lambda: ssm)
    with pytest.raises(CallNotSent):
        secrets.read(NAME)
    ssm.failure = None
    assert secrets.read(NAME) == VALUE


def test_a_value_is_in_no_repr_and_no_log(caplog):
    caplog.set_level(logging.DEBUG)
    secrets = Secrets(Ssm)
    secrets.read(NAME)
    logging.getLogger("test").info("kept: %r %s", secrets, secrets)
    assert NAME in repr(secrets)
    assert VALUE not in repr(secrets) + str(secrets) + caplog.text


def test_the_client_asks_once_and_soon_gives_up():
    config = parameter_client("us-east-1").meta.config
    assert config.connect_timeout + config.read_timeout <= 3
    assert config.retries["total_max_attempts"] == 1
