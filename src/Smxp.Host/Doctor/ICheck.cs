namespace Smxp.Host.Doctor;

/// <summary>One thing that is looked at from outside. Runs beside the others.</summary>
internal interface ICheck
{
    /// <summary>What it is called in the report.</summary>
    string Name { get; }

    /// <summary>Looks. What is wrong with the patient is a finding; exceptions mean that it could not be found out.</summary>
    Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken);
}
