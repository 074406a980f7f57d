import numpy as np

from faultdiag.diagnosis.healthy import Healthy


def test_a_healthy_record_has_its_own_rate_and_speed():
    reference = Healthy(np.ones(3), 25600.0, 1480.0)
    assert (len(reference.x), reference.rate_hz, reference.said_rpm) == (3, 25600.0, 1480.0)
